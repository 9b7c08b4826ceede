//! What becomes of an event after an attempt.

use std::time::Duration;

use analytics_core::DropReason;

use crate::answer::Verdict;
use crate::config::DeliveryConfig;

/// What becomes of an event after an attempt.
#[derive(Clone, Copy, Debug)]
pub(crate) struct RetryPolicy {
    max_retries: Option<u32>,
    max_age: Duration,
}

/// What to do with the event.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum RetryStep {
    /// Count it as delivered.
    Delivered,
    /// Send it again with its batch.
    Retain,
    /// Send it with another batch.
    Return,
    /// Count it as dropped.
    Drop(DropReason),
}

impl RetryPolicy {
    pub(crate) fn new(config: &DeliveryConfig) -> Self {
        // An event's age is known to within the interval; it is never given up early.
        Self { max_retries: config.max_retries, max_age: config.max_age.saturating_add(config.flush_interval) }
    }

    /// After the attempt number `attempts` at an event that is `age` old.
    pub(crate) fn next(&self, verdict: Verdict, attempts: u32, age: Duration) -> RetryStep {
        match verdict {
            Verdict::Delivered => RetryStep::Delivered,
            Verdict::Dropped(reason) => RetryStep::Drop(reason),
            Verdict::Retry if self.max_retries.is_some_and(|retries| attempts > retries) => {
                RetryStep::Drop(DropReason::RetriesSpent)
            }
            Verdict::Retry if self.is_expired(age) => RetryStep::Drop(DropReason::Expired),
            Verdict::Retry => RetryStep::Retain,
            Verdict::Unsent => RetryStep::Return,
        }
    }

    /// Whether an event that is `age` old is given up.
    pub(crate) fn is_expired(&self, age: Duration) -> bool {
        age >= self.max_age
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn policy(max_retries: Option<u32>) -> RetryPolicy {
        RetryPolicy::new(&DeliveryConfig { max_retries, ..DeliveryConfig::default() })
    }

    #[test]
    fn without_a_number_of_retries_the_age_decides() {
        let policy = policy(None);
        assert_eq!(policy.next(Verdict::Retry, 10_000, Duration::from_secs(3_600)), RetryStep::Retain);
        assert_eq!(policy.next(Verdict::Retry, 1, Duration::from_secs(3_605)), RetryStep::Drop(DropReason::Expired));
    }

    proptest! {
        #[test]
        fn the_number_of_attempts_is_exact(retries in 0_u32..100) {
            let policy = policy(Some(retries));
            let returned = (1..).take_while(|attempt| {
                policy.next(Verdict::Retry, *attempt, Duration::ZERO) == RetryStep::Retain
            });
            // The first attempt is no retry, so an event is returned once for each retry that follows.
            prop_assert_eq!(returned.count(), usize::try_from(retries).unwrap());
            let last = policy.next(Verdict::Retry, retries + 1, Duration::ZERO);
            prop_assert_eq!(last, RetryStep::Drop(DropReason::RetriesSpent));
        }

        #[test]
        fn a_final_verdict_is_final(attempts: u32, seconds in 0_u64..10_000, retries in proptest::option::of(0_u32..9)) {
            let (policy, age) = (policy(retries), Duration::from_secs(seconds));
            prop_assert_eq!(policy.next(Verdict::Delivered, attempts, age), RetryStep::Delivered);
            let refused = Verdict::Dropped(DropReason::Refused);
            prop_assert_eq!(policy.next(refused, attempts, age), RetryStep::Drop(DropReason::Refused));
        }
    }
}
