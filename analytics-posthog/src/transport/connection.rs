//! Connections that are kept open between requests.

use std::sync::Mutex;
use std::time::{Duration, Instant};

use analytics_rules::display::error_chain;

/// After this time a request asks for its connection to be closed, so that a host's name is looked up again though
/// requests never cease.
const RENEWAL: Duration = Duration::from_secs(30);

/// What is known of the connections that are kept open.
#[derive(Debug)]
pub(super) struct Connections(Mutex<State>);

#[derive(Debug)]
struct State {
    /// Whether the last request had an answer, so that the next one may go over its connection.
    is_warm: bool,
    renewed_at: Instant,
}

impl Connections {
    pub(super) fn new() -> Self {
        Self(Mutex::new(State { is_warm: false, renewed_at: Instant::now() }))
    }

    /// Whether the request that is made at `now` is to be the last on its connection.
    pub(super) fn is_last(&self, now: Instant) -> bool {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        let is_due = now.saturating_duration_since(state.renewed_at) >= RENEWAL;
        if is_due {
            state.renewed_at = now;
        }
        is_due
    }

    /// Notes whether a request had an answer; tells whether the one before had.
    pub(super) fn note(&self, has_answer: bool) -> bool {
        let mut state = self.0.lock().unwrap_or_else(std::sync::PoisonError::into_inner);
        std::mem::replace(&mut state.is_warm, has_answer)
    }
}

/// Whether a request ended because its connection was closed before any answer. Where it was a kept one, the server
/// may have closed it for its age just when the request was on its way.
pub(super) fn was_closed(error: &reqwest::Error) -> bool {
    let closed = |cause: &(dyn std::error::Error + 'static)| {
        if let Some(error) = cause.downcast_ref::<std::io::Error>() {
            use std::io::ErrorKind::{BrokenPipe, ConnectionAborted, ConnectionReset, UnexpectedEof};
            return Some(matches!(error.kind(), BrokenPipe | ConnectionAborted | ConnectionReset | UnexpectedEof));
        }
        let error = cause.downcast_ref::<hyper::Error>()?;
        (error.is_incomplete_message() || error.is_canceled() || error.is_closed()).then_some(true)
    };
    error_chain(error).find_map(closed).unwrap_or(false)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_connection_is_renewed_once_in_a_while() {
        let connections = Connections::new();
        let start = Instant::now();
        assert!(!connections.is_last(start));
        assert!(connections.is_last(start + RENEWAL + Duration::from_secs(1)));
        assert!(!connections.is_last(start + RENEWAL + Duration::from_secs(2)));
    }

    #[test]
    fn only_after_an_answer_can_a_connection_be_a_kept_one() {
        let connections = Connections::new();
        assert_eq!(
            [true, true, false, false, true].map(|answer| connections.note(answer)),
            [false, true, true, false, false]
        );
    }
}
