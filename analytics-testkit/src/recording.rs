//! What a sink and its readers share.

use std::any::Any;
use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::{Duration, Instant};

use analytics_core::unwind::{discard_panic, wake_caught};
use analytics_core::{
    Accounts, Action, Captured, DropReason, Lane, Ledger, LeftOut, OwnedRecord, Record, Refusal, Settlement, timeout,
};

use crate::strictness::Strictness;

/// What a sink and its readers share.
#[derive(Debug, Default)]
pub(crate) struct Recording {
    accounts: Accounts,
    strictness: Strictness,
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
    /// What was left out of the record at this place.
    pub(crate) left_out: Vec<(usize, LeftOut)>,
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

/// A record that was not kept.
#[derive(Clone, Debug)]
pub(crate) struct Loss {
    /// The event's name, if so much could be read.
    pub(crate) name: Option<String>,
    pub(crate) why: Why,
}

/// Why a record was not kept.
#[derive(Clone, Debug)]
pub(crate) enum Why {
    /// A property of it panicked; what the panic said.
    Panicked(String),
    /// Production would not take it.
    Refused(Refusal),
}

impl Recording {
    /// A recording that takes more than production does.
    pub(crate) fn lenient() -> Self {
        Self { strictness: Strictness::Lenient, ..Self::default() }
    }

    /// A recording of what a server received, and has judged itself.
    #[cfg(feature = "server")]
    pub(crate) fn of_wire() -> Self {
        let snapshot = Snapshot { origin: Origin::Wire, ..Snapshot::default() };
        Self { state: Mutex::new(State { snapshot, ..State::default() }), ..Self::lenient() }
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
        let judged = match copied {
            Ok(mut copy) => self.strictness.apply_to(&mut copy).map(|left_out| (copy, left_out)).map_err(Why::Refused),
            Err(panic) => {
                let said = message(&*panic);
                discard_panic(panic);
                Err(Why::Panicked(said))
            }
        };
        match judged {
            Ok((copy, left_out)) => {
                let captured = self.keep(copy, left_out);
                if captured == Captured::Kept
                    && let Some(receipt) = record.receipt()
                {
                    receipt.settle(Settlement::Delivered);
                }
                captured
            }
            Err(why) => {
                let reason = why.reason();
                let mut state = self.lock();
                state.snapshot.losses.push(Loss { name, why });
                self.tell(state);
                self.refuse(record.lane(), reason)
            }
        }
    }

    fn keep(&self, record: OwnedRecord, left_out: Vec<LeftOut>) -> Captured {
        let mut state = self.lock();
        if state.closed {
            return self.accounts.refuse(record.lane(), DropReason::Closed);
        }
        // Counted under the lock: whoever reads a record finds it in the ledger.
        self.accounts.admit(&record.as_record()).delivered();
        self.accounts.count_left_out(left_out.len());
        let place = state.snapshot.records.len();
        state.snapshot.left_out.extend(left_out.into_iter().map(|property| (place, property)));
        state.snapshot.records.push(Arc::new(record));
        self.tell(state);
        Captured::Kept
    }

    pub(crate) fn refuse(&self, lane: Lane, reason: DropReason) -> Captured {
        self.accounts.refuse(lane, reason)
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
        timeout(limit, waiting).await.unwrap_or(false)
    }

    /// Tells all who wait that something changed; without the lock, since a waker is the host's code.
    fn tell(&self, mut state: MutexGuard<'_, State>) {
        let wakers = std::mem::take(&mut state.wakers);
        drop(state);
        self.changed.notify_all();
        wakers.into_iter().for_each(wake_caught);
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Why {
    fn reason(&self) -> DropReason {
        match self {
            Self::Panicked(_) => DropReason::Panicked,
            Self::Refused(refusal) => refusal.reason(),
        }
    }
}

/// What a panic said.
pub(crate) fn message(panic: &(dyn Any + Send)) -> String {
    let text = panic.downcast_ref::<&str>().copied().or_else(|| panic.downcast_ref::<String>().map(String::as_str));
    text.unwrap_or("no message").to_owned()
}
