//! What a sink and its readers share.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use analytics_core::{Accounts, Action, Captured, DropReason, Ledger, OwnedRecord, Record, Settlement, within};

/// What a sink and its readers share.
#[derive(Debug, Default)]
pub(crate) struct Recording {
    accounts: Accounts,
    state: Mutex<State>,
    changed: Condvar,
}

#[derive(Debug, Default)]
struct State {
    snapshot: Snapshot,
    closed: bool,
    wakers: Vec<Waker>,
}

/// What was recorded up to one moment.
#[derive(Clone, Debug, Default)]
pub(crate) struct Snapshot {
    pub(crate) origin: Origin,
    pub(crate) records: Vec<Arc<OwnedRecord>>,
    pub(crate) losses: Vec<Loss>,
}

/// Where records come from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Origin {
    /// A sink was shown them.
    #[default]
    Sink,
    /// They were read from what a server received, which does not tell what an actor is.
    Wire,
}

/// An event that could not be copied.
#[derive(Clone, Debug)]
pub(crate) struct Loss {
    /// The event's name, if so much could be read.
    pub(crate) name: Option<String>,
    /// What the panic said.
    pub(crate) panic: String,
}

impl Recording {
    /// A recording of what a server received.
    #[cfg(feature = "server")]
    pub(crate) fn of_wire() -> Self {
        let snapshot = Snapshot { origin: Origin::Wire, ..Snapshot::default() };
        Self { state: Mutex::new(State { snapshot, ..State::default() }), ..Self::default() }
    }

    /// Copies a record. The host's code runs without the lock, so that it may track from inside a property.
    pub(crate) fn copy(&self, record: &Record<'_>) -> Captured {
        let mut name = None;
        let copied = catch_unwind(AssertUnwindSafe(|| {
            if let Action::Track { name: event, .. } = record.action() {
                name = Some(event.to_owned());
            }
            record.to_owned()
        }));
        match copied {
            Ok(copy) => {
                let captured = self.keep(copy);
                if captured == Captured::Kept
                    && let Some(receipt) = record.receipt()
                {
                    receipt.settle(Settlement::Delivered);
                }
                captured
            }
            Err(panic) => {
                self.lock().snapshot.losses.push(Loss { name, panic: message(&*panic) });
                self.refuse(DropReason::Panicked)
            }
        }
    }

    fn keep(&self, record: OwnedRecord) -> Captured {
        let mut state = self.lock();
        if state.closed {
            return self.accounts.refuse(DropReason::Closed);
        }
        // Counted under the lock: whoever reads a record finds it in the ledger.
        self.accounts.admit(&record.as_record()).delivered();
        state.snapshot.records.push(Arc::new(record));
        self.tell(state);
        Captured::Kept
    }

    pub(crate) fn refuse(&self, reason: DropReason) -> Captured {
        self.accounts.refuse(reason)
    }

    pub(crate) fn ledger(&self) -> Ledger {
        self.accounts.ledger()
    }

    pub(crate) fn is_closed(&self) -> bool {
        self.lock().closed
    }

    pub(crate) fn close(&self) {
        let mut state = self.lock();
        state.closed = true;
        self.tell(state);
    }

    pub(crate) fn snapshot(&self) -> Snapshot {
        self.lock().snapshot.clone()
    }

    /// Waits until `enough` holds; false if that is not so in time, or can no longer become so.
    pub(crate) fn wait_blocking(&self, limit: Duration, enough: impl Fn(&Snapshot) -> bool) -> bool {
        let deadline = Instant::now().checked_add(limit);
        let mut state = self.lock();
        loop {
            let left = deadline.map_or(limit, |deadline| deadline.saturating_duration_since(Instant::now()));
            match enough(&state.snapshot) {
                true => return true,
                false if state.closed || left.is_zero() => return false,
                false => state = self.changed.wait_timeout(state, left).unwrap_or_else(PoisonError::into_inner).0,
            }
        }
    }

    /// As [`wait_blocking`](Self::wait_blocking), on any runtime and on none.
    pub(crate) async fn wait(&self, limit: Duration, enough: impl Fn(&Snapshot) -> bool) -> bool {
        let waiting = poll_fn(|context| {
            let mut state = self.lock();
            if enough(&state.snapshot) {
                return Poll::Ready(true);
            }
            if state.closed {
                return Poll::Ready(false);
            }
            if !state.wakers.iter().any(|waker| waker.will_wake(context.waker())) {
                state.wakers.push(context.waker().clone());
            }
            Poll::Pending
        });
        within(limit, waiting).await.unwrap_or(false)
    }

    /// Tells all who wait that something changed; without the lock, since a waker is the host's code.
    fn tell(&self, mut state: MutexGuard<'_, State>) {
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);
        self.changed.notify_all();
        wakers.into_iter().for_each(Waker::wake);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a panic said.
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}
