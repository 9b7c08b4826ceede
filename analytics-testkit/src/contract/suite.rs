//! Every clause on every runtime.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::sync::mpsc::{RecvTimeoutError, channel};
use std::thread;
use std::time::Duration;

use super::Make;
use super::clauses::{ALL, Clause};
use super::runtime::Runtime;
use crate::recording::message;

/// What is broken, one line a clause and observation.
pub(super) fn violations(make: &Make, patience: Duration) -> Vec<String> {
    ALL.iter().flat_map(|clause| broken(*clause, make, patience)).collect()
}

/// How a clause is broken: what was seen, and on which runtimes it was seen.
fn broken(clause: Clause, make: &Make, patience: Duration) -> Vec<String> {
    let mut seen: Vec<(String, Vec<String>)> = Vec::new();
    for runtime in Runtime::ALL {
        let Err(what) = patiently(clause, runtime, make, patience) else { continue };
        match seen.iter_mut().find(|(earlier, _)| *earlier == what) {
            Some((_, runtimes)) => runtimes.push(runtime.to_string()),
            None => seen.push((what, vec![runtime.to_string()])),
        }
    }
    let Clause { number, says, .. } = clause;
    let told = seen.into_iter().map(|(what, runtimes)| {
        let place =
            if runtimes.len() == Runtime::ALL.len() { String::new() } else { format!(" ({})", runtimes.join(", ")) };
        format!("clause {number}, {says}: {what}{place}")
    });
    told.collect()
}

/// Checks one clause on a thread of its own, which is left behind if it does not come back.
fn patiently(clause: Clause, runtime: Runtime, make: &Make, patience: Duration) -> Result<(), String> {
    let (sender, receiver) = channel();
    let make = Arc::clone(make);
    let checking = move || {
        let checked = catch_unwind(AssertUnwindSafe(|| runtime.run((clause.check)(make))));
        let result = checked.unwrap_or_else(|panic| Err(format!("it panicked: {}", message(&*panic))));
        // Nobody listens any more if patience has run out.
        sender.send(result).unwrap_or_default();
    };
    let thread = thread::Builder::new().name("sink-contract".to_owned()).spawn(checking);
    thread.map_err(|error| format!("no thread could be started: {error}"))?;
    match receiver.recv_timeout(patience) {
        Ok(result) => result,
        Err(RecvTimeoutError::Timeout) => Err(format!("it blocks: nothing came back for {patience:?}")),
        Err(RecvTimeoutError::Disconnected) => Err("it ended without an answer".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::Mutex;
    use std::sync::atomic::{AtomicUsize, Ordering};

    use analytics_core::{AnalyticsSink, Captured, DropReason, Drops, Health, Ledger, Record, async_trait};

    use super::*;
    use crate::contract::clauses;

    /// Counts everything as dropped, which it logs under its own lock, and never comes back from a flush.
    #[derive(Debug, Default)]
    struct Stuck(Mutex<Drops>);

    #[async_trait]
    impl AnalyticsSink for Stuck {
        fn capture(&self, _record: &Record<'_>) -> Captured {
            let drops = self.0.lock().unwrap();
            if drops.count_first(DropReason::Closed) {
                LOGGING.fetch_add(1, Ordering::SeqCst);
                tracing::warn!("an event was dropped");
                LOGGING.fetch_sub(1, Ordering::SeqCst);
            }
            Captured::Dropped(DropReason::Closed)
        }

        async fn room(&self) {}

        async fn flush(&self, _grace: Duration) -> Ledger {
            pending().await
        }

        async fn shutdown(&self, _grace: Duration) -> Ledger {
            self.ledger()
        }

        fn ledger(&self) -> Ledger {
            self.0.lock().unwrap().added_to(Ledger::new())
        }

        fn health(&self) -> Health {
            Health::Closed
        }
    }

    /// The sinks that are in the middle of a log line.
    static LOGGING: AtomicUsize = AtomicUsize::new(0);

    fn seen(says: &str, patience: Duration) -> Vec<String> {
        let make: Make = Arc::new(|| Arc::new(Stuck::default()));
        let clause = clauses::ALL.iter().find(|clause| clause.says == says).unwrap();
        broken(*clause, &make, patience)
    }

    #[test]
    fn a_clause_that_does_not_come_back_is_broken() {
        assert_eq!(
            seen("flush is a barrier", Duration::from_millis(50)),
            ["clause 4, flush is a barrier: it blocks: nothing came back for 50ms"]
        );
    }

    #[test]
    fn a_log_line_under_a_lock_that_capture_takes_is_broken() {
        assert_eq!(
            seen("capture may be called from a tracing layer", Duration::from_millis(500)),
            ["clause 1, capture may be called from a tracing layer: it blocks: nothing came back for 500ms"]
        );
        assert!(LOGGING.load(Ordering::SeqCst) >= Runtime::ALL.len(), "that is where they are");
    }
}
