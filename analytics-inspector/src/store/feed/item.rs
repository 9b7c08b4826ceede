//! What the feed is made of.

use std::sync::Arc;
use std::time::SystemTime;

use serde::{Deserialize, Serialize};

use crate::received::{ReceivedEvent, ReceivedRequest};

/// One entry of the feed, taken out of it.
#[derive(Debug, Clone)]
pub(crate) struct Item {
    /// Its place in the feed, from 1, until a reset.
    pub(crate) seq: u64,
    /// The attempt that its request was, from 1; 0 if unknown.
    pub(crate) attempt: u32,
    pub(crate) what: What,
}

#[derive(Debug, Clone)]
pub(crate) enum What {
    /// An accepted event.
    Event {
        event: Arc<ReceivedEvent>,
        /// When its request was answered.
        at: SystemTime,
        /// Whether its uuid was accepted before.
        is_repeat: bool,
    },
    /// A request that met a fault or an objection.
    Request(Box<ReceivedRequest>),
}

/// What became of an entry of the feed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum EntryStatus {
    Accepted,
    /// Accepted before.
    Duplicate,
    /// Accepted, and lost silently by the real server.
    Dropped,
    /// A request with an answer that is not 2xx, or with events that were not accepted.
    Refused,
    /// A request without an answer, or without one yet.
    Unanswered,
    /// A request that met a fault and was accepted all the same.
    Answered,
}

impl Item {
    pub(crate) fn status(&self) -> EntryStatus {
        match &self.what {
            What::Event { is_repeat: true, .. } => EntryStatus::Duplicate,
            What::Event { event, .. } if event.silently_dropped().is_some() => EntryStatus::Dropped,
            What::Event { .. } => EntryStatus::Accepted,
            What::Request(request) => match request.status {
                None => EntryStatus::Unanswered,
                Some(200..300) if request.reason.is_none() => EntryStatus::Answered,
                Some(_) => EntryStatus::Refused,
            },
        }
    }
}
