//! When sending began to fail, and what of it is worth a line in the log.
//!
//! Logs are edges: one line when it begins, at most one a minute while it lasts, one when it heals. A failure of
//! another kind, one that drops events say, is a beginning of its own.

use std::time::Duration;

use analytics_core::{DropReason, LaneLedger};

const REMINDER: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(crate) struct Outage {
    current: Option<Current>,
    /// When the last line was logged for each kind of failure, of whichever outage: flapping is no reason for more than
    /// one a minute.
    told_at: Vec<(Option<DropReason>, Duration)>,
}

#[derive(Debug)]
struct Current {
    since: Duration,
    cause: String,
    reason: Option<DropReason>,
    lost_before: u64,
    delivered_before: u64,
    is_told: bool,
}

/// What is wrong now.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct OutageView<'a> {
    pub(crate) since: Option<Duration>,
    pub(crate) cause: &'a str,
    pub(crate) reason: Option<DropReason>,
}

/// A line for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum OutageTransition {
    /// Sending fails.
    Failing { cause: String, reason: Option<DropReason>, pending: u64, lost: u64, lasts: Duration },
    /// Sending works again.
    Healed { down_for: Duration, delivered: u64, lost: u64 },
}

impl Outage {
    pub(super) fn failed(
        &mut self,
        now: Duration,
        cause: &str,
        reason: Option<DropReason>,
        before: &LaneLedger,
        ledger: &LaneLedger,
    ) -> Option<OutageTransition> {
        let current = self.current.get_or_insert_with(|| Current {
            since: now,
            cause: String::new(),
            reason,
            lost_before: before.lost(),
            delivered_before: before.delivered(),
            is_told: false,
        });
        cause.clone_into(&mut current.cause);
        current.reason = reason;
        self.told_at.retain(|(_, told)| now.saturating_sub(*told) < REMINDER);
        if self.told_at.iter().any(|(told, _)| *told == reason) {
            return None;
        }
        self.told_at.push((reason, now));
        current.is_told = true;
        Some(OutageTransition::Failing {
            cause: cause.to_owned(),
            reason,
            pending: ledger.pending(),
            lost: ledger.lost() - current.lost_before,
            lasts: now.saturating_sub(current.since),
        })
    }

    pub(super) fn succeeded(&mut self, now: Duration, ledger: &LaneLedger) -> Option<OutageTransition> {
        let over = self.current.take()?;
        over.is_told.then(|| OutageTransition::Healed {
            down_for: now.saturating_sub(over.since),
            delivered: ledger.delivered() - over.delivered_before,
            lost: ledger.lost() - over.lost_before,
        })
    }

    pub(super) fn view(&self) -> OutageView<'_> {
        match &self.current {
            None => OutageView { since: None, cause: "", reason: None },
            Some(current) => OutageView { since: Some(current.since), cause: &current.cause, reason: current.reason },
        }
    }
}

#[cfg(test)]
mod tests {
    use analytics_core::{Lane, Ledger};

    use super::*;

    fn at(seconds: u64) -> Duration {
        Duration::from_secs(seconds)
    }

    #[test]
    fn an_outage_is_told_when_it_begins_once_a_minute_and_when_it_heals() {
        let (mut outage, ledger) = (Outage::default(), Ledger::new().with_pending(7).lane(Lane::Product));
        assert!(outage.succeeded(at(0), &ledger).is_none(), "nothing to heal from");
        let lines: Vec<_> =
            (0..130).filter_map(|second| outage.failed(at(second), "status 503", None, &ledger, &ledger)).collect();
        let lasted: Vec<_> = lines
            .iter()
            .map(|line| match line {
                OutageTransition::Failing { lasts, pending: 7, .. } => lasts.as_secs(),
                other => panic!("{other:?}"),
            })
            .collect();
        assert_eq!(lasted, [0, 60, 120]);
        assert_eq!(outage.view().since, Some(at(0)));
        let healed = outage.succeeded(at(130), &ledger);
        assert_eq!(healed, Some(OutageTransition::Healed { down_for: at(130), delivered: 0, lost: 0 }));
        assert_eq!(outage.view().since, None);
    }

    #[test]
    fn a_failure_of_another_kind_is_told_at_once() {
        let (mut outage, ledger) = (Outage::default(), LaneLedger::default());
        let mut told = |second, reason| outage.failed(at(second), "why", reason, &ledger, &ledger).is_some();
        assert!(told(0, None) && !told(1, None));
        assert!(told(2, Some(DropReason::Unauthorized)) && !told(3, Some(DropReason::Unauthorized)) && !told(4, None));
        assert!(told(60, None) && told(62, Some(DropReason::Unauthorized)));
    }

    #[test]
    fn flapping_is_told_once_a_minute() {
        let (mut outage, ledger) = (Outage::default(), LaneLedger::default());
        let mut lines = 0;
        for second in 0..60 {
            lines += usize::from(outage.failed(at(second), "refused", None, &ledger, &ledger).is_some());
            lines += usize::from(outage.succeeded(at(second), &ledger).is_some());
        }
        assert_eq!(lines, 2, "one for the first failure, one for its end");
    }
}
