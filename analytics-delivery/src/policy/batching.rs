//! When to send a batch.

use std::time::Duration;

use crate::config::DeliveryConfig;

/// While a request is in flight, the next one waits this long for company.
const LINGER: Duration = Duration::from_millis(50);

/// When to send a batch.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchPolicy {
    /// Events that fill a batch.
    pub(crate) max_events: usize,
    /// Bytes that fill a batch.
    pub(crate) max_bytes: usize,
    /// Events that are worth a request, and bytes: at most half of what the queue holds, or it would fill up and wait
    /// for the interval with an idle server before it.
    flush_at: usize,
    flush_at_bytes: usize,
    /// Requests in flight at most.
    in_flight: usize,
}

/// What the policy sees of a route's queue.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct QueueView {
    /// Events that wait.
    pub(crate) events: usize,
    /// Their bytes.
    pub(crate) bytes: usize,
    /// Whether a batch waits to be sent again.
    pub(crate) is_repeat: bool,
    /// Whether the interval is over for one of them, or a flush or a shutdown waits for it.
    pub(crate) is_due: bool,
    /// Whether a flush or a shutdown waits for one of them.
    pub(crate) is_hurried: bool,
    /// Requests in flight.
    pub(crate) in_flight: usize,
    /// When the last batch was leased.
    pub(crate) last_lease: Duration,
}

/// What to do now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BatchStep {
    /// Send what is there.
    Lease,
    /// Look again then.
    WaitUntil(Duration),
    /// Wait until something happens: an event, an answer, the interval.
    Wait,
}

impl BatchPolicy {
    pub(crate) fn new(config: &DeliveryConfig) -> Self {
        let (max_events, max_bytes) = (config.batch_events.get(), config.batch_bytes.get());
        Self {
            max_events,
            max_bytes,
            flush_at: config.flush_at.get().min(max_events).min(config.queue_events.get().div_ceil(2)),
            flush_at_bytes: max_bytes.min(config.queue_bytes.get().div_ceil(2)),
            in_flight: config.in_flight.get(),
        }
    }

    pub(crate) fn next(&self, view: &QueueView, now: Duration) -> BatchStep {
        if !self.is_worthwhile(view) {
            return BatchStep::Wait;
        }
        let lingers_until = view.last_lease.saturating_add(LINGER);
        if view.in_flight == 0 || view.is_repeat || view.is_hurried || self.is_half_full(view) || now >= lingers_until {
            BatchStep::Lease
        } else {
            BatchStep::WaitUntil(lingers_until)
        }
    }

    /// Whether a request can be made of what waits, now or after the linger.
    pub(crate) fn is_worthwhile(&self, view: &QueueView) -> bool {
        let is_enough = view.is_due || view.events >= self.flush_at || view.bytes >= self.flush_at_bytes;
        (view.is_repeat || view.events > 0 && is_enough) && view.in_flight < self.in_flight
    }

    /// Whether the linger has no sense any more.
    pub(crate) fn is_half_full(&self, view: &QueueView) -> bool {
        view.events >= self.max_events.div_ceil(2) || view.bytes >= self.max_bytes.div_ceil(2)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const POLICY: BatchPolicy =
        BatchPolicy { max_events: 1_000, max_bytes: 1 << 20, flush_at: 100, flush_at_bytes: 1 << 20, in_flight: 4 };
    const NOW: Duration = Duration::from_secs(100);

    fn few(events: usize) -> QueueView {
        QueueView { events, bytes: events * 300, last_lease: NOW, ..QueueView::default() }
    }

    #[test]
    fn few_events_wait_and_enough_are_sent() {
        assert_eq!(POLICY.next(&few(99), NOW), BatchStep::Wait);
        assert_eq!(POLICY.next(&few(100), NOW), BatchStep::Lease);
        assert_eq!(POLICY.next(&QueueView { bytes: 1 << 20, ..few(1) }, NOW), BatchStep::Lease);
        assert_eq!(POLICY.next(&QueueView { is_due: true, ..few(1) }, NOW), BatchStep::Lease);
    }

    #[test]
    fn half_of_a_small_queue_is_enough() {
        let sent_at = |queue_events: usize, queue_bytes: usize| {
            let policy = BatchPolicy::new(&DeliveryConfig {
                queue_events: queue_events.try_into().unwrap(),
                queue_bytes: queue_bytes.try_into().unwrap(),
                ..DeliveryConfig::default()
            });
            let is_sent = |events: &usize| policy.next(&few(*events), NOW) == BatchStep::Lease;
            (1..=100).find(is_sent).unwrap()
        };
        assert_eq!([1, 2, 3, 50, 1_000].map(|events| sent_at(events, 32 << 20)), [1, 1, 2, 25, 100]);
        assert_eq!(sent_at(1_000, 6_000), 10, "each of 300 bytes");
    }

    #[test]
    fn nothing_is_sent_where_nothing_waits() {
        let nothing = QueueView { is_due: true, is_hurried: true, ..few(0) };
        assert_eq!(POLICY.next(&nothing, NOW), BatchStep::Wait);
    }

    #[test]
    fn beside_a_request_in_flight_the_next_waits_for_company() {
        let beside = QueueView { in_flight: 1, ..few(499) };
        assert_eq!(POLICY.next(&beside, NOW), BatchStep::WaitUntil(NOW + LINGER));
        assert_eq!(POLICY.next(&beside, NOW + LINGER), BatchStep::Lease);
        assert_eq!(POLICY.next(&QueueView { in_flight: 1, ..few(500) }, NOW), BatchStep::Lease);
        let hurried = QueueView { is_due: true, is_hurried: true, ..beside };
        assert_eq!(POLICY.next(&hurried, NOW), BatchStep::Lease);
        assert_eq!(POLICY.next(&QueueView { in_flight: 4, ..hurried }, NOW), BatchStep::Wait);
    }

    proptest! {
        #[test]
        fn the_width_is_kept_and_what_is_due_is_never_left_without_a_step(
            events in 0_usize..3_000, bytes in 0_usize..4_000_000, in_flight in 0_usize..8,
            is_hurried: bool, is_due: bool, is_repeat: bool, waited in 0_u64..200,
        ) {
            let is_due = is_due || is_hurried;
            let view = QueueView { events, bytes, is_repeat, is_due, is_hurried, in_flight, last_lease: NOW };
            let now = NOW + Duration::from_millis(waited);
            match POLICY.next(&view, now) {
                BatchStep::Lease => prop_assert!((is_repeat || events > 0) && in_flight < 4),
                BatchStep::WaitUntil(then) => prop_assert!(then > now && in_flight > 0 && !is_repeat),
                BatchStep::Wait => prop_assert!(in_flight >= 4 || !is_repeat && (events == 0 || !is_due)),
            }
            // What wakes the worker gives it something to do, at once or after the linger.
            prop_assert_eq!(POLICY.is_worthwhile(&view), POLICY.next(&view, now) != BatchStep::Wait);
        }
    }
}
