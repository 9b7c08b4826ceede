//! What an answer says of a batch.

use std::time::Duration;

use analytics_core::DropReason;

use crate::answer::{Answer, Outcome, Verdict};
use crate::policy::is_costly;

/// What an answer says of a batch, and of each of its events.
#[derive(Debug)]
pub(super) struct Reading<'a> {
    verdicts: &'a [Verdict],
    unsent: &'a [bool],
    /// Of an event that has no verdict of its own.
    pub(super) for_all: Verdict,
    /// How long the server wants to be left alone.
    pub(super) retry_after: Option<Duration>,
    /// Whether the server took some of the batch, now or before, and could not keep the rest.
    pub(super) is_pruned: bool,
    /// Whether the server does not work.
    pub(super) is_failure: bool,
    /// Whether much was on its way.
    pub(super) is_costly: bool,
    /// Connections that broke without an answer.
    pub(super) breaks: u32,
}

impl<'a> Reading<'a> {
    /// Reads the answer to a batch of `events`, which the server may have pruned before.
    pub(super) fn of(answer: &'a Answer, events: usize, was_pruned: bool) -> Self {
        let (verdicts, retry_after): (&[Verdict], _) = match &answer.outcome {
            Outcome::PerEvent { verdicts, after } => (verdicts, *after),
            Outcome::Retry { after } => (&[], *after),
            Outcome::Delivered | Outcome::Refused(_) | Outcome::Split | Outcome::Poisoned => (&[], None),
        };
        let for_all = match &answer.outcome {
            Outcome::Delivered | Outcome::PerEvent { .. } => Verdict::Delivered,
            Outcome::Retry { .. } => Verdict::Retry,
            Outcome::Refused(reason) => Verdict::Dropped(*reason),
            // A batch that can be split is split before it comes here; one event alone is too large itself.
            Outcome::Split => Verdict::Dropped(DropReason::TooLarge),
            Outcome::Poisoned => Verdict::Dropped(DropReason::Refused),
        };
        let is_costly = is_costly(answer.body_bytes);
        let mut reading = Self {
            verdicts,
            unsent: &answer.unsent,
            for_all,
            retry_after,
            is_pruned: false,
            is_failure: false,
            is_costly,
            breaks: answer.breaks,
        };
        let is_settled = |index| !matches!(reading.verdict_of(index), Verdict::Retry | Verdict::Unsent);
        let settles_some = (0..events).any(is_settled);
        // A server that took some of a batch before works, whatever it says of the rest.
        reading.is_pruned = !verdicts.is_empty() && (was_pruned || settles_some);
        reading.is_failure = !settles_some && !reading.is_pruned;
        reading
    }

    /// The verdict on one event of the batch.
    pub(super) fn verdict_of(&self, index: usize) -> Verdict {
        if self.unsent.get(index).copied().unwrap_or(false) {
            return Verdict::Unsent;
        }
        self.verdicts.get(index).copied().unwrap_or(self.for_all)
    }

    /// Events that were dropped one by one.
    pub(super) fn dropped(&self) -> u64 {
        self.verdicts.iter().filter(|verdict| matches!(verdict, Verdict::Dropped(_))).count() as u64
    }

    /// Whether the server does not know the key.
    pub(super) fn is_unauthorized(&self) -> bool {
        self.for_all == Verdict::Dropped(DropReason::Unauthorized)
    }
}
