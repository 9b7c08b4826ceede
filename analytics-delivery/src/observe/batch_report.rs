//! What became of one attempt at a batch.

use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::answer::AttemptResult;

/// What became of one attempt at a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct BatchReport {
    /// Where it was sent: a host, never a key.
    pub destination: Arc<str>,
    /// The batch's number, the same for every attempt at it.
    pub number: u64,
    /// Which attempt at it this was, from 1.
    pub attempt: u32,
    /// How it ended.
    pub result: AttemptResult,
    /// Its events.
    pub events: u64,
    /// Those that arrived.
    pub delivered: u64,
    /// Those that were dropped.
    pub dropped: u64,
    /// Those that will be sent again: after a failure, or in a half of the batch.
    pub to_retry: u64,
    /// The events' bytes as they are queued.
    pub event_bytes: u64,
    /// The request's body as it was sent.
    pub body_bytes: u64,
    /// When the attempt began.
    pub began_at: SystemTime,
    /// How long the attempt took.
    pub duration: Duration,
    /// What the server said, or why it was not reached; empty if there is nothing to say. It can quote an answer's
    /// body, escaped and cut to 200 bytes: good for a log, too much for a label.
    pub cause: String,
}
