//! What the handle and the server's thread both hold.

use std::panic::{AssertUnwindSafe, catch_unwind};
#[cfg(feature = "tls")]
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use tokio::sync::Semaphore;

use crate::access::Access;
use crate::budget::Budget;
use crate::faults::ArmedFaults;
use crate::gate::Gate;
use crate::limits::Limits;
use crate::options::{InspectorOptions, Observer, RefusalObserver};
use crate::received::{ReceivedEvent, ReceivedRequest};
use crate::store::{Store, Ticket};
#[cfg(feature = "tls")]
use crate::tls::Identity;
use crate::workers::Workers;

/// How many events are settled under one lock.
const SETTLED_AT_ONCE: usize = 1_000;

/// How long it is free in between.
const PAUSE: Duration = Duration::from_micros(100);

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) faults: ArmedFaults,
    pub(crate) gate: Gate,
    pub(crate) access: Access,
    pub(crate) limits: Limits,
    pub(crate) budget: Budget,
    pub(crate) workers: Workers,
    pub(crate) streams: Arc<Semaphore>,
    /// Held while events are settled and shown to the observers, which see them in the order in which they are
    /// settled.
    settling: Mutex<()>,
    observer: Option<Observer>,
    refusal_observer: Option<RefusalObserver>,
    #[cfg(feature = "tls")]
    pub(crate) identity: Option<Identity>,
    #[cfg(feature = "tls")]
    failed_handshakes: AtomicU64,
}

impl Shared {
    pub(crate) fn new(options: InspectorOptions, access: Access) -> Self {
        Self {
            store: Store::new(options.capacity, options.capacity_bytes),
            faults: ArmedFaults::new(),
            gate: Gate::default(),
            access,
            budget: Budget::new(options.limits.bytes_in_hand),
            workers: Workers::new(),
            streams: Arc::new(Semaphore::new(options.limits.streams.min(Semaphore::MAX_PERMITS))),
            settling: Mutex::default(),
            limits: options.limits,
            observer: options.observer,
            refusal_observer: options.refusal_observer,
            #[cfg(feature = "tls")]
            identity: None,
            #[cfg(feature = "tls")]
            failed_handshakes: AtomicU64::new(0),
        }
    }

    /// Has connections speak TLS, as this identity.
    #[cfg(feature = "tls")]
    pub(crate) fn with_identity(self, identity: Option<Identity>) -> Self {
        Self { identity, ..self }
    }

    #[cfg(feature = "tls")]
    pub(crate) fn note_failed_handshake(&self) {
        self.failed_handshakes.fetch_add(1, Ordering::Relaxed);
    }

    #[cfg(feature = "tls")]
    pub(crate) fn failed_handshakes(&self) -> u64 {
        self.failed_handshakes.load(Ordering::Relaxed)
    }

    /// Notes the status that a request is answered with, `None` for no answer, and its accepted events, and shows what
    /// came of it to the observers: some events at a time, so that whoever reads or settles meanwhile waits for no more
    /// than these.
    pub(crate) fn settle(&self, ticket: Ticket, status: Option<u16>, accepted: &[Arc<ReceivedEvent>]) {
        let (before, last) = accepted.split_at(accepted.len().saturating_sub(SETTLED_AT_ONCE));
        for chunk in before.chunks(SETTLED_AT_ONCE) {
            self.settle_chunk(chunk, || {
                self.store.accept(ticket, chunk);
                None
            });
            // A lock that is free for no time nobody else gets.
            thread::sleep(PAUSE);
        }
        self.settle_chunk(last, || self.store.settle(ticket, status, last));
    }

    /// `settle` tells the request if it is refused.
    fn settle_chunk(&self, events: &[Arc<ReceivedEvent>], settle: impl FnOnce() -> Option<ReceivedRequest>) {
        if self.observer.is_none() && self.refusal_observer.is_none() {
            settle();
            return;
        }
        let _settling = self.settling.lock().unwrap_or_else(PoisonError::into_inner);
        let refused = settle();
        if let Some(observer) = &self.observer {
            for event in events {
                call(|| observer(event));
            }
        }
        if let (Some(observer), Some(refused)) = (&self.refusal_observer, &refused) {
            call(|| observer(refused));
        }
    }
}

/// What an observer panics with is not dropped: that may panic again.
fn call(observer: impl FnOnce()) {
    catch_unwind(AssertUnwindSafe(observer)).unwrap_or_else(std::mem::forget);
}
