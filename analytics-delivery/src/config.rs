//! Settings of the engine.

use std::num::NonZeroUsize;
use std::time::Duration;

use analytics_core::Lane;

use crate::order::Order;

/// Settings of the engine. Plain data: every combination works, within the memory it names.
#[derive(Clone, Debug, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(default, deny_unknown_fields))]
#[non_exhaustive]
pub struct DeliveryConfig {
    /// Events that may be pending, in each lane. Default 100,000. The last 5 % are kept for critical events.
    pub queue_events: NonZeroUsize,
    /// Bytes that pending events may take, their index included. Default 32 MiB. The last 5 % are kept for critical
    /// events. The address space is reserved at start and touched only as far as it is needed.
    #[cfg_attr(feature = "serde", serde(with = "crate::serde_units::size"))]
    pub queue_bytes: NonZeroUsize,
    /// Bytes that pending events about model calls ([`Lane::Ai`]) may take, which have a queue of their own. Default
    /// 64 MiB. Nothing is reserved before the first of them.
    #[cfg_attr(feature = "serde", serde(with = "crate::serde_units::size"))]
    pub ai_queue_bytes: NonZeroUsize,
    /// Events in one batch at most. Default 1,000.
    pub batch_events: NonZeroUsize,
    /// Bytes of the events in one batch at most; a larger event is a batch of its own. Default 1 MiB.
    #[cfg_attr(feature = "serde", serde(with = "crate::serde_units::size"))]
    pub batch_bytes: NonZeroUsize,
    /// Bytes of the events in one batch of those about model calls; a larger event is a batch of its own. Default 5
    /// MiB.
    #[cfg_attr(feature = "serde", serde(with = "crate::serde_units::size"))]
    pub ai_batch_bytes: NonZeroUsize,
    /// Events that are sent without waiting for the interval; of a queue that holds fewer than twice as many, half are
    /// enough. Default 100.
    pub flush_at: NonZeroUsize,
    /// The time after which waiting events are sent however few they are. Default 5 s.
    #[cfg_attr(feature = "serde", serde(with = "crate::serde_units::duration"))]
    pub flush_interval: Duration,
    /// What a full queue drops. Default the newest event, the one that finds it full.
    pub overflow: Overflow,
    /// Which events arrive in the order in which they were captured. Default those of one actor.
    pub order: Order,
    /// Requests in flight at most, for each route. Default 4.
    pub in_flight: NonZeroUsize,
    /// The time after which one attempt is given up, where it begins: it doubles, up to 60 s, while small requests end
    /// by it, and shrinks again. Default 15 s.
    #[cfg_attr(feature = "serde", serde(with = "crate::serde_units::duration"))]
    pub request_timeout: Duration,
    /// The time after which an event that cannot be delivered is dropped. Default 1 h.
    #[cfg_attr(feature = "serde", serde(with = "crate::serde_units::duration"))]
    pub max_age: Duration,
    /// Retries after which an event that cannot be delivered is dropped, exactly; without a number its age decides.
    /// Default none.
    #[cfg_attr(feature = "serde", serde(skip_serializing_if = "Option::is_none"))]
    pub max_retries: Option<u32>,
}

/// What a full queue drops, as [`DropReason::QueueFull`](analytics_core::DropReason::QueueFull).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize, serde::Deserialize), serde(rename_all = "snake_case"))]
#[non_exhaustive]
pub enum Overflow {
    /// The event that finds it full: what happened first is kept.
    #[default]
    DropNewest,
    /// The oldest events that wait, until there is room: what happened last is kept. Events in flight are not dropped,
    /// and no more than 64 for one event: one that needs more room than those leave is dropped itself.
    DropOldest,
}

analytics_rules::keywords! { Overflow { DropNewest = "drop_newest", DropOldest = "drop_oldest" } }

const fn count(number: usize) -> NonZeroUsize {
    match NonZeroUsize::new(number) {
        Some(number) => number,
        None => NonZeroUsize::MIN,
    }
}

impl Default for DeliveryConfig {
    fn default() -> Self {
        Self {
            queue_events: count(100_000),
            queue_bytes: count(32 << 20),
            ai_queue_bytes: count(64 << 20),
            batch_events: count(1_000),
            batch_bytes: count(1 << 20),
            ai_batch_bytes: count(5 << 20),
            flush_at: count(100),
            flush_interval: Duration::from_secs(5),
            overflow: Overflow::default(),
            order: Order::default(),
            in_flight: count(4),
            request_timeout: Duration::from_secs(15),
            max_age: Duration::from_secs(3_600),
            max_retries: None,
        }
    }
}

impl DeliveryConfig {
    /// The settings of one lane: its own bounds stand where those of the ordinary lane do.
    pub(crate) fn of_lane(&self, lane: Lane) -> Self {
        match lane {
            Lane::Ai => Self { queue_bytes: self.ai_queue_bytes, batch_bytes: self.ai_batch_bytes, ..self.clone() },
            _ => self.clone(),
        }
    }
}
