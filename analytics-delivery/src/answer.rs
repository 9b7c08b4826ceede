//! What one attempt at a batch came to.

use std::borrow::Cow;
use std::fmt;
use std::time::Duration;

use analytics_core::DropReason;

/// What one attempt came to.
#[derive(Clone, Debug, PartialEq, Eq)]
#[must_use]
pub struct Answer {
    pub(crate) outcome: Outcome,
    pub(crate) body_bytes: u64,
    pub(crate) cause: Cow<'static, str>,
    pub(crate) is_suspect: bool,
    pub(crate) is_foreign: bool,
    pub(crate) warnings: u64,
    pub(crate) timed_out: bool,
    pub(crate) breaks: u32,
    pub(crate) unsent: Vec<bool>,
}

impl Answer {
    /// An attempt that ended with `outcome`.
    pub fn new(outcome: Outcome) -> Self {
        Self {
            outcome,
            body_bytes: 0,
            cause: Cow::Borrowed(""),
            is_suspect: false,
            is_foreign: false,
            warnings: 0,
            timed_out: false,
            breaks: 0,
            unsent: Vec::new(),
        }
    }

    /// Adds the number of bytes that were sent as the request's body.
    pub fn with_body_bytes(mut self, body_bytes: usize) -> Self {
        self.body_bytes = u64::try_from(body_bytes).unwrap_or(u64::MAX);
        self
    }

    /// Notes that this may not be the backend's answer: a portal's page with a status of success, say. It is counted,
    /// and told once.
    pub fn suspect(mut self) -> Self {
        self.is_suspect = true;
        self
    }

    /// Notes that this failure is not the backend's: a gateway's page, say.
    pub fn foreign(mut self) -> Self {
        self.is_foreign = true;
        self
    }

    /// Notes that the attempt ended for want of time, with the connection made. A batch of more than 64 KiB may be too
    /// much for the link, and is sent again in parts; after a smaller one the next attempt is given twice the time, up
    /// to a minute.
    pub fn timed_out(mut self) -> Self {
        self.timed_out = true;
        self
    }

    /// Notes that the connection, once made, broke without an answer, so many times in this attempt. A batch of more
    /// than 64 KiB over which two broke is sent again in halves: something on the way may refuse its size.
    pub fn with_broken_connections(mut self, times: u32) -> Self {
        self.breaks = times;
        self
    }

    /// Notes which events of the batch were not sent, in its order: [`Verdict::Unsent`] is their verdict, whatever the
    /// outcome says of the others.
    pub fn with_unsent(mut self, unsent: Vec<bool>) -> Self {
        self.unsent = unsent;
        self
    }

    /// Adds the number of events that the server took with a warning. It is told once in a while, with the cause.
    pub fn with_warnings(mut self, events: u64) -> Self {
        self.warnings = events;
        self
    }

    /// Adds the cause for logs: "status 503". It must hold no key and no property's value.
    pub fn with_cause(mut self, cause: impl Into<Cow<'static, str>>) -> Self {
        self.cause = cause.into();
        self
    }

    /// What became of the batch.
    #[must_use]
    pub fn outcome(&self) -> &Outcome {
        &self.outcome
    }

    /// The cause for logs.
    #[must_use]
    pub fn cause(&self) -> &str {
        &self.cause
    }

    /// Bytes that were sent as the request's body.
    #[must_use]
    pub fn body_bytes(&self) -> u64 {
        self.body_bytes
    }

    /// Whether it is a success that may not be the backend's.
    #[must_use]
    pub fn is_suspect(&self) -> bool {
        self.is_suspect
    }

    /// Whether it is a failure that is not the backend's.
    #[must_use]
    pub fn is_foreign(&self) -> bool {
        self.is_foreign
    }

    /// Events that the server took with a warning.
    #[must_use]
    pub fn warnings(&self) -> u64 {
        self.warnings
    }

    /// Whether the attempt ended for want of time.
    #[must_use]
    pub fn has_timed_out(&self) -> bool {
        self.timed_out
    }

    /// Connections that broke without an answer.
    #[must_use]
    pub fn broken_connections(&self) -> u32 {
        self.breaks
    }

    /// The events that were not sent, in the batch's order; empty if all were.
    #[must_use]
    pub fn unsent(&self) -> &[bool] {
        &self.unsent
    }
}

/// What became of a batch.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Outcome {
    /// All events arrived.
    Delivered,
    /// Each event has a verdict of its own, in the order of the batch. An event without one arrived.
    PerEvent {
        /// The verdicts.
        verdicts: Vec<Verdict>,
        /// How long the server wants to wait before what it could not keep is sent again. Other batches do not wait.
        after: Option<Duration>,
    },
    /// No event arrived, and another attempt may succeed. A batch that fails three times while others arrive is halved,
    /// down to the event for whose sake it fails.
    Retry {
        /// How long the server wants to be left alone.
        after: Option<Duration>,
    },
    /// The batch is too large: its halves may pass.
    Split,
    /// The batch was refused for what is in it, and nobody says for which event: its halves may pass. Halving it down
    /// to the culprit has a budget; without one left, or for an event alone, it counts as refused.
    Poisoned,
    /// No event arrived, and none will. After [`DropReason::Unauthorized`] the server is left alone for a minute:
    /// events that wait stay, and one request asks again.
    Refused(DropReason),
}

/// What became of one event of a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It arrived.
    Delivered,
    /// It did not arrive, and another attempt may succeed.
    Retry,
    /// It was not sent with this batch, and is to be sent with another: the backend takes no two events with one id in
    /// a request, say. That was no attempt.
    Unsent,
    /// It did not arrive, and will not.
    Dropped(DropReason),
}

/// In words: `dropped: queue_full`.
impl fmt::Display for Verdict {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Delivered => f.write_str("delivered"),
            Self::Retry => f.write_str("retry"),
            Self::Unsent => f.write_str("unsent"),
            Self::Dropped(reason) => write!(f, "dropped: {reason}"),
        }
    }
}

/// How an attempt ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AttemptResult {
    /// The server settled some of the events at least: they arrived, or were dropped.
    Answered,
    /// The server wants less at once: the batch is sent again in halves.
    Split,
    /// No event was settled: the batch is sent again.
    Failed,
    /// The attempt was called off at a shutdown's end, or its transport panicked.
    CutOff,
}

analytics_rules::words! {
    AttemptResult { Answered = "answered", Split = "split", Failed = "failed", CutOff = "cut_off" }
}
