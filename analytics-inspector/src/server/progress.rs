//! How far a connection is, and until when it has to go on.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Instant;

use crate::limits::Limits;

/// What a connection does, seen from its socket and from its requests.
#[derive(Debug)]
pub(super) struct Progress(Mutex<State>);

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct State {
    phase: Phase,
    /// Since when the client reads nothing of what is there for it.
    blocked_since: Option<Instant>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Phase {
    /// It has not begun to send a request.
    Idle { since: Instant, is_new: bool },
    /// Some of the head of a request has come.
    Head { since: Instant },
    /// A request is being received or answered; what it waits for has limits of its own.
    Request,
}

/// What a connection was too slow at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Overdue {
    Request,
    Reading,
}

impl Progress {
    pub(super) fn new(now: Instant) -> Self {
        Self(Mutex::new(State { phase: Phase::Idle { since: now, is_new: true }, blocked_since: None }))
    }

    /// Bytes have come.
    pub(super) fn received(&self, now: Instant) {
        let mut state = self.lock();
        if let Phase::Idle { .. } = state.phase {
            state.phase = Phase::Head { since: now };
        }
    }

    /// The client takes bytes, or does not.
    pub(super) fn sent(&self, is_blocked: bool, now: Instant) {
        let mut state = self.lock();
        state.blocked_since = is_blocked.then(|| state.blocked_since.unwrap_or(now));
    }

    /// The head of a request is complete.
    pub(super) fn begin_request(&self) {
        self.lock().phase = Phase::Request;
    }

    /// The answer to a request is made to its end.
    pub(super) fn end_request(&self, now: Instant) {
        self.lock().phase = Phase::Idle { since: now, is_new: false };
    }

    /// Until when the connection has to go on, and with what; `None` as long as nobody waits for it.
    pub(super) fn deadline(&self, limits: &Limits) -> Option<(Instant, Overdue)> {
        let State { phase, blocked_since } = *self.lock();
        let (since, limit) = match phase {
            Phase::Idle { since, is_new: true } | Phase::Head { since } => (since, limits.head),
            Phase::Idle { since, is_new: false } => (since, limits.idle),
            Phase::Request => {
                let deadline = blocked_since?.checked_add(limits.stall)?;
                return Some((deadline, Overdue::Reading));
            }
        };
        // A time beyond what a clock can tell is none.
        let request = since.checked_add(limit).map(|deadline| (deadline, Overdue::Request));
        let reading = blocked_since.and_then(|since| Some((since.checked_add(limits.stall)?, Overdue::Reading)));
        match (request, reading) {
            (Some(request), Some(reading)) => Some(if request.0 < reading.0 { request } else { reading }),
            (one, other) => one.or(other),
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    const SECOND: Duration = Duration::from_secs(1);

    fn limits() -> Limits {
        Limits { head: 10 * SECOND, idle: 120 * SECOND, stall: 5 * SECOND, ..Limits::default() }
    }

    /// After how many seconds from `begin` on it is overdue, and at what.
    fn due(progress: &Progress, begin: Instant) -> Option<(u64, Overdue)> {
        progress.deadline(&limits()).map(|(deadline, overdue)| ((deadline - begin).as_secs(), overdue))
    }

    #[test]
    fn a_new_connection_has_the_time_of_a_head_and_a_used_one_may_idle() {
        let begin = Instant::now();
        let progress = Progress::new(begin);
        assert_eq!(due(&progress, begin), Some((10, Overdue::Request)));
        progress.begin_request();
        assert_eq!(due(&progress, begin), None);
        progress.end_request(begin + 3 * SECOND);
        assert_eq!(due(&progress, begin), Some((123, Overdue::Request)));
    }

    #[test]
    fn a_head_has_its_time_from_its_first_byte_on_however_many_follow() {
        let begin = Instant::now();
        let progress = Progress::new(begin);
        progress.begin_request();
        progress.end_request(begin);
        for seconds in 7..15 {
            progress.received(begin + seconds * SECOND);
        }
        assert_eq!(due(&progress, begin), Some((17, Overdue::Request)));
    }

    #[test]
    fn a_client_that_reads_nothing_has_the_time_of_a_stall_from_the_last_byte_on_that_it_took() {
        let begin = Instant::now();
        let progress = Progress::new(begin);
        progress.begin_request();
        progress.sent(true, begin + SECOND);
        progress.sent(true, begin + 3 * SECOND);
        assert_eq!(due(&progress, begin), Some((6, Overdue::Reading)));
        progress.sent(false, begin + 4 * SECOND);
        assert_eq!(due(&progress, begin), None);
        progress.sent(true, begin + 5 * SECOND);
        // The answer is made, and nobody has read it yet.
        progress.end_request(begin + 6 * SECOND);
        assert_eq!(due(&progress, begin), Some((10, Overdue::Reading)));
    }

    #[test]
    fn a_limit_beyond_all_time_is_none() {
        let progress = Progress::new(Instant::now());
        progress.sent(true, Instant::now());
        let limits = Limits { head: Duration::MAX, stall: Duration::MAX, ..limits() };
        assert_eq!(progress.deadline(&limits), None);
    }
}
