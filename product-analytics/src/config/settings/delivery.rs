//! How events are queued, batched and sent.

use std::num::NonZeroUsize;
use std::time::Duration;

use serde::{Deserialize, Serialize};

use crate::config::text::form;
use crate::config::text::parse::Word;

/// How events are queued, batched and sent. Whatever is `None` has the default of the delivery engine.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields, default)]
#[non_exhaustive]
pub struct DeliverySettings {
    /// Events that may be pending. Default 100,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub queue_events: Option<NonZeroUsize>,
    /// Bytes that pending events may take. Default 32 MiB.
    #[serde(with = "form::size", skip_serializing_if = "Option::is_none")]
    pub queue_bytes: Option<NonZeroUsize>,
    /// Events in one batch at most. Default 1,000.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub batch_events: Option<NonZeroUsize>,
    /// Bytes of the events in one batch at most. Default 1 MiB.
    #[serde(with = "form::size", skip_serializing_if = "Option::is_none")]
    pub batch_bytes: Option<NonZeroUsize>,
    /// Events that are sent without waiting for more. Default 100.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub flush_at: Option<NonZeroUsize>,
    /// The time after which waiting events are sent however few they are. Default 5 s.
    #[serde(with = "form::duration", skip_serializing_if = "Option::is_none")]
    pub flush_interval: Option<Duration>,
    /// What a full queue drops. Default [`Overflow::DropNewest`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overflow: Option<Overflow>,
    /// Which events arrive in the order in which they were captured. Default [`Order::Actor`].
    #[serde(skip_serializing_if = "Option::is_none")]
    pub order: Option<Order>,
    /// Requests in flight at most. Default 4.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub in_flight: Option<NonZeroUsize>,
    /// The time after which one request is given up. Default 15 s.
    #[serde(with = "form::duration", skip_serializing_if = "Option::is_none")]
    pub request_timeout: Option<Duration>,
    /// The time after which an event that cannot be delivered is dropped. Default 1 h.
    #[serde(with = "form::duration", skip_serializing_if = "Option::is_none")]
    pub max_age: Option<Duration>,
    /// Retries after which an event that cannot be delivered is dropped, exactly. Default none: the age decides.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub max_retries: Option<u32>,
}

/// What a full queue drops.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Overflow {
    /// `drop_newest`: the event that finds it full.
    #[default]
    DropNewest,
    /// `drop_oldest`: the oldest events that wait, at most 64 for one newer event.
    DropOldest,
}

/// Which events arrive in the order in which they were captured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Order {
    /// `actor`: those of one actor, whatever fails in between. Events that make no person and change none need no order.
    #[default]
    Actor,
    /// `none`: none. Any events may overtake each other when a request fails.
    None,
}

impl Word for Order {
    const WHAT: &'static str = "an order";
    const WORDS: &'static [(&'static str, Self)] = &[("actor", Self::Actor), ("none", Self::None)];
}

impl Word for Overflow {
    const WHAT: &'static str = "an overflow policy";
    const WORDS: &'static [(&'static str, Self)] =
        &[("drop_newest", Self::DropNewest), ("drop_oldest", Self::DropOldest)];
}
