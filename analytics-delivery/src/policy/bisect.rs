//! How much is spent on finding one bad event among many.

use std::time::Duration;

/// Splits that may be made without a success, and at most be saved up.
const MOST: u32 = 64;
/// Each minute brings them all back.
const REFILL: Duration = Duration::from_secs(60);
/// A part that arrives pays for itself and for the next split.
const REWARD: u32 = 2;

/// The budget for splitting batches that a server refuses without saying whose fault it is.
///
/// One bad event in a batch of 1,000 costs ten splits, and each of them delivers a half. A server that refuses
/// everything costs the budget once a minute, and a request a batch beyond that.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BisectBudget {
    left: u32,
    refilled_at: Duration,
}

impl Default for BisectBudget {
    fn default() -> Self {
        Self { left: MOST, refilled_at: Duration::ZERO }
    }
}

impl BisectBudget {
    /// Whether a refused batch is worth splitting at `now`; if so, it is paid for.
    pub(crate) fn split(&mut self, now: Duration) -> bool {
        if now.saturating_sub(self.refilled_at) >= REFILL {
            *self = Self { left: MOST, refilled_at: now };
        }
        let paid = self.left.checked_sub(1);
        self.left = paid.unwrap_or(0);
        paid.is_some()
    }

    /// A part of a split batch arrived.
    pub(crate) fn rewarded(&mut self) {
        self.left = (self.left + REWARD).min(MOST);
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Requests, and events that arrived, of a batch with bad events at `bad`.
    fn bisect(budget: &mut BisectBudget, events: &[u32], bad: &[u32], now: Duration) -> (u32, usize) {
        if !events.iter().any(|event| bad.contains(event)) {
            budget.rewarded();
            return (1, events.len());
        }
        if events.len() == 1 || !budget.split(now) {
            return (1, 0);
        }
        let (one, two) = events.split_at(events.len() / 2);
        let (one, two) = (bisect(budget, one, bad, now), bisect(budget, two, bad, now));
        (1 + one.0 + two.0, one.1 + two.1)
    }

    proptest! {
        #[test]
        fn one_bad_event_in_a_hundred_costs_only_itself(bad in prop::collection::btree_set(0_u32..1_000, 0..11)) {
            let events: Vec<_> = (0..1_000).collect();
            let bad: Vec<_> = bad.into_iter().collect();
            let (_, arrived) = bisect(&mut BisectBudget::default(), &events, &bad, Duration::ZERO);
            prop_assert_eq!(arrived, 1_000 - bad.len());
        }
    }

    #[test]
    fn a_part_that_arrives_pays_for_itself_and_for_the_next_split() {
        let mut budget = BisectBudget::default();
        let mut splits = |rewards: u32| {
            (0..rewards).for_each(|_| budget.rewarded());
            (0..1_000).take_while(|_| budget.split(Duration::ZERO)).count()
        };
        assert_eq!([splits(0), splits(0), splits(1), splits(3), splits(1_000)], [64, 0, 2, 6, 64]);
    }

    #[test]
    fn a_server_that_refuses_everything_costs_the_budget_once_a_minute() {
        let (mut budget, events): (_, Vec<_>) = (BisectBudget::default(), (0..100).collect());
        let mut requests = |second| bisect(&mut budget, &events, &events, Duration::from_secs(second)).0;
        let first_minute: u32 = (0..60).map(&mut requests).sum();
        let second_minute: u32 = (60..120).map(&mut requests).sum();
        // 6,000 events a minute in 60 batches; two requests for each split.
        assert_eq!((first_minute, second_minute), (60 + 2 * MOST, 60 + 2 * MOST));
    }
}
