//! What gives a record its time and its id.

use std::time::SystemTime;

use crate::clock::Clock;
use crate::id::EventId;
use crate::random;
use crate::unwind::catch_panic;

/// A handle's clock, and what tells its ids from those of other processes.
#[derive(Debug)]
pub(crate) struct Stamp {
    clock: Box<dyn Clock>,
    /// Drawn from the operating system when the handle is made: in a child of a `fork` that makes a handle it is
    /// another.
    nonce: u64,
}

impl Stamp {
    pub(crate) fn new(clock: impl Clock) -> Self {
        Self { clock: Box::new(clock), nonce: random::from_system() }
    }

    /// The time now. The clock is the host's code, and can panic.
    pub(crate) fn now(&self) -> SystemTime {
        self.clock.now()
    }

    /// The time now, by the system's clock if the host's panics.
    pub(crate) fn now_caught(&self) -> SystemTime {
        catch_panic(|| self.clock.now()).unwrap_or_else(SystemTime::now)
    }

    /// An id for what happens now, at `now`.
    pub(crate) fn id(&self, now: SystemTime) -> EventId {
        EventId::made(now, now, self.nonce)
    }

    /// An id for what happened at `at`.
    pub(crate) fn id_at(&self, at: SystemTime) -> EventId {
        EventId::made(at, SystemTime::now(), self.nonce)
    }
}
