//! Every clause on every runtime.

use std::time::Duration;

use super::Make;
use super::clause_check::ClauseCheck;
use super::clauses::{ALL, Clause};

/// The moments after which the next clause is begun beside one that has not come back.
const GO_ON_AFTER: u32 = 20;

/// What is broken, one line a clause and observation. A clause that has not come back after `patience` blocks.
///
/// A clause that takes long is waited for beside those after it, so that however many block, it takes about one
/// `patience`.
pub(super) fn violations(make: &Make, patience: Duration) -> Vec<String> {
    violations_of(ALL, make, patience)
}

fn violations_of(clauses: &[Clause], make: &Make, patience: Duration) -> Vec<String> {
    let mut checks: Vec<ClauseCheck> = Vec::new();
    for clause in clauses {
        let newest = checks.len();
        checks.push(ClauseCheck::start(*clause, make, patience));
        for _ in 0..GO_ON_AFTER {
            if checks.get(newest).is_none_or(ClauseCheck::is_done) {
                break;
            }
            wait_a_moment(&mut checks, newest);
        }
    }
    while let Some(open) = checks.iter().position(|check| !check.is_done()) {
        wait_a_moment(&mut checks, open);
    }
    checks.iter().flat_map(ClauseCheck::violations).collect()
}

/// Waits for the check at `awaited`. A whole moment in vain counts for all that are open.
fn wait_a_moment(checks: &mut [ClauseCheck], awaited: usize) {
    let is_over = !checks.get_mut(awaited).is_some_and(ClauseCheck::came_back);
    for check in checks.iter_mut().filter(|check| is_over && !check.is_done()) {
        check.waited();
    }
}

#[cfg(test)]
mod tests {
    use std::future::pending;
    use std::sync::atomic::{AtomicUsize, Ordering};
    use std::sync::{Arc, Mutex};

    use analytics_core::{AnalyticsSink, Captured, DropReason, Drops, Health, Lane, Ledger, Record, async_trait};

    use super::*;

    /// Counts everything as dropped, which it logs under its own lock, and never comes back from a flush.
    #[derive(Debug, Default)]
    struct Stuck(Mutex<Drops>);

    #[async_trait]
    impl AnalyticsSink for Stuck {
        fn capture(&self, record: &Record<'_>) -> Captured {
            let drops = self.0.lock().unwrap();
            if drops.count_first(record.lane(), DropReason::Closed) {
                LOGGING.fetch_add(1, Ordering::SeqCst);
                tracing::warn!("an event was dropped");
                LOGGING.fetch_sub(1, Ordering::SeqCst);
            }
            Captured::Dropped(DropReason::Closed)
        }

        async fn room(&self, _lane: Lane) {}

        async fn flush(&self, _grace: Duration) -> Ledger {
            pending().await
        }

        async fn shutdown(&self, _grace: Duration) -> Ledger {
            self.ledger()
        }

        fn ledger(&self) -> Ledger {
            self.0.lock().unwrap().added_to(Ledger::new())
        }

        fn purge(&self, _reason: DropReason) -> u64 {
            0
        }

        fn health(&self) -> Health {
            Health::Closed
        }
    }

    /// The sinks that are in the middle of a log line.
    static LOGGING: AtomicUsize = AtomicUsize::new(0);

    fn seen(says: &str, patience: Duration) -> Vec<String> {
        let make: Make = Arc::new(|| Arc::new(Stuck::default()));
        let clause = ALL.iter().find(|clause| clause.says == says).unwrap();
        violations_of(&[*clause], &make, patience)
    }

    #[test]
    fn a_clause_that_does_not_come_back_is_broken() {
        assert_eq!(
            seen("flush is a barrier", Duration::from_millis(50)),
            ["clause 4, flush is a barrier: it blocks: nothing came back for 50ms (without a runtime)"]
        );
    }

    #[test]
    fn a_log_line_under_a_lock_that_capture_takes_is_broken() {
        assert_eq!(
            seen("capture may be called from a tracing layer", Duration::from_millis(500)),
            [
                "clause 1, capture may be called from a tracing layer: it blocks: nothing came back for 500ms; a line is \
              logged under a lock that capture takes: release it first (without a runtime)"
            ]
        );
        assert_eq!(LOGGING.load(Ordering::SeqCst), 1, "that is where it is, and on one runtime only");
    }
}
