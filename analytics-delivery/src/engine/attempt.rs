//! Which batch an attempt is at.

use std::time::Duration;

use super::RouteId;

/// A batch's identity: the same for every attempt at it. A half of a batch is a batch of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BatchIdentity {
    /// Unique within the engine, in the order in which batches were composed.
    pub(crate) number: u64,
    pub(crate) composed_at: Duration,
    /// Attempts made at it before.
    pub(crate) attempts: u32,
    /// Whether the server took some of its events and could not keep the others.
    pub(crate) is_pruned: bool,
    /// Connections that broke over it without an answer, or over the larger batch that it was a part of.
    pub(super) breaks: u32,
    /// Whether it is a part of a batch that failed again and again while others passed.
    pub(super) is_suspect: bool,
}

impl BatchIdentity {
    pub(super) const fn new(number: u64, composed_at: Duration) -> Self {
        Self { number, composed_at, attempts: 0, is_pruned: false, breaks: 0, is_suspect: false }
    }

    /// Whether it has failed so often that it may be for what is in it.
    pub(super) const fn is_doubtful(&self) -> bool {
        self.attempts >= 3 || self.is_suspect
    }

    /// This new batch as a part of another one: it inherits what is known of that.
    pub(super) fn part_of(self, whole: Self) -> Self {
        let Self { is_pruned, is_suspect, .. } = whole;
        Self { is_pruned, is_suspect, breaks: whole.breaks.min(1), ..self }
    }

    /// The same batch after one attempt more.
    pub(crate) const fn attempted(self) -> Self {
        Self { attempts: self.attempts.saturating_add(1), ..self }
    }
}

/// An attempt at a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) route_id: RouteId,
    /// The gate's, when the batch was leased.
    pub(crate) generation: u64,
    pub(crate) batch: BatchIdentity,
    pub(crate) began_at: Duration,
    /// When it ends at the latest.
    pub(crate) ends_at: Duration,
}
