//! What a change of the engine brought about, gathered under the lock and told outside it.

use std::time::Duration;

use analytics_core::{DropReason, EventId, Lane, Ledger, Receipt, Settlement};

use super::{OutageTransition, ServerWarning};
use crate::answer::AttemptResult;
use crate::queue::{Pool, Queue};

/// Dropped events whose bytes are kept until they are told of; more are counted.
const MOST_DROPS: usize = 4_096;
/// The bytes of those events.
const MOST_DROPPED_BYTES: usize = 8 << 20;

/// What a change of the engine brought about that others have to learn, in the order in which they learn it.
#[derive(Debug, Default)]
pub(crate) struct Effects {
    wants: ObservedKinds,
    /// Whether anything happened that somebody may wait for.
    is_any: bool,
    /// Events that were dropped.
    pub(crate) drops: Vec<Dropped>,
    dropped_bytes: usize,
    /// Events that were dropped and that were too many to be told of.
    pub(crate) missed: u64,
    /// What was left when the engine closed.
    pub(crate) leftover: Option<Leftover>,
    /// Attempts that ended.
    pub(crate) reports: Vec<AttemptReport>,
    /// Whether it is to be told how things stand.
    pub(super) is_measured: bool,
    /// How things stand, once the effects are taken out.
    pub(crate) measured: Option<LedgerSnapshot>,
    /// What is to be logged.
    pub(crate) lines: Vec<LogLine>,
    /// Answers, which are given when all the rest is told.
    pub(crate) answers: Vec<(Receipt, Settlement)>,
    /// All receipts that were left when the engine closed, and the answer to each.
    pub(crate) left_receipts: Option<(Vec<Option<Receipt>>, Settlement)>,
}

/// What the observers want to know.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct ObservedKinds {
    pub(crate) drops: bool,
    pub(crate) batches: bool,
    pub(crate) snapshots: bool,
}

/// An event that was dropped: as it was written down, or its id if it never was.
#[derive(Debug)]
pub(crate) struct Dropped {
    pub(crate) reason: DropReason,
    pub(crate) id: Option<EventId>,
    pub(crate) bytes: Option<Box<[u8]>>,
}

/// What became of one attempt.
#[derive(Debug)]
pub(crate) struct AttemptReport {
    /// The batch's number.
    pub(crate) number: u64,
    /// Which attempt at the batch it was, from 1.
    pub(crate) attempt: u32,
    pub(crate) result: AttemptResult,
    pub(crate) events: u64,
    pub(crate) delivered: u64,
    pub(crate) dropped: u64,
    pub(crate) event_bytes: u64,
    pub(crate) body_bytes: u64,
    pub(crate) took: Duration,
    pub(crate) cause: String,
}

/// How things stand at one moment.
#[derive(Debug)]
pub(crate) struct LedgerSnapshot {
    pub(crate) ledger: Ledger,
    pub(crate) pending_bytes: usize,
}

/// A line for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum LogLine {
    /// Sending fails, or works again, in a lane.
    OutageTransition(Lane, OutageTransition),
    /// An answer said more than what became of the batch.
    ServerWarning(ServerWarning),
    /// The first events were dropped for newer ones.
    Displaced,
    /// A record did not come in.
    Lost {
        /// The record's name or kind.
        record: String,
        reason: DropReason,
        /// What the encoder had against it; empty if the reason says it all.
        why: String,
    },
    /// A property of a record was left out.
    LeftOut {
        /// The record's name or kind.
        record: String,
        /// Which property, and why.
        property: String,
    },
}

/// What was left when the engine closed, to be told of and freed outside the lock: it may be all that a queue holds.
#[derive(Debug)]
pub(crate) struct Leftover {
    pub(crate) reason: DropReason,
    pub(super) queues: Vec<Queue>,
    /// Chunks that were not in use; freeing them takes a while as well.
    pub(super) _pools: Vec<Pool>,
}

impl Leftover {
    /// The bytes of the events that were not settled.
    pub(crate) fn events(&self) -> impl Iterator<Item = &[u8]> {
        self.queues.iter().flat_map(Queue::unsettled)
    }
}

impl Effects {
    pub(super) fn new(wants: ObservedKinds) -> Self {
        Self { wants, ..Self::default() }
    }

    pub(super) fn wants(&self) -> ObservedKinds {
        self.wants
    }

    /// Somebody may wait for what happened.
    pub(super) fn progressed(&mut self) {
        self.is_any = true;
    }

    /// Notes an event that was dropped, with its bytes if it had come in.
    pub(super) fn dropped(&mut self, reason: DropReason, id: Option<EventId>, bytes: Option<&[u8]>) {
        if !self.wants.drops {
            return;
        }
        self.is_any = true;
        let len = bytes.map_or(0, <[u8]>::len);
        if self.drops.len() < MOST_DROPS && self.dropped_bytes + len <= MOST_DROPPED_BYTES {
            self.dropped_bytes += len;
            self.drops.push(Dropped { reason, id, bytes: bytes.map(Box::from) });
        } else {
            self.missed += 1;
        }
    }

    /// Notes what was left when the engine closed.
    pub(super) fn left(&mut self, leftover: Leftover, receipts: Vec<Option<Receipt>>) {
        self.is_any = true;
        self.left_receipts = Some((receipts, Settlement::Dropped(leftover.reason)));
        self.leftover = Some(leftover);
    }

    /// Notes what became of an attempt.
    pub(super) fn report(&mut self, report: impl FnOnce() -> AttemptReport) {
        if self.wants.batches {
            self.is_any = true;
            self.reports.push(report());
        }
    }

    /// How things stand after the change is to be told.
    pub(super) fn snapshot(&mut self) {
        self.is_measured = self.wants.snapshots;
        self.is_any |= self.wants.snapshots;
    }

    pub(super) fn log(&mut self, line: LogLine) {
        self.is_any = true;
        self.lines.push(line);
    }

    pub(super) fn answer(&mut self, receipt: Receipt, settlement: Settlement) {
        self.is_any = true;
        self.answers.push((receipt, settlement));
    }

    /// What happened, if anything did.
    pub(super) fn take(&mut self) -> Option<Self> {
        let wants = self.wants;
        self.is_any.then(|| std::mem::replace(self, Self::new(wants)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_happened_is_told_once_and_only_to_those_who_want_it() {
        let mut effects = Effects::new(ObservedKinds::default());
        effects.dropped(DropReason::Expired, None, Some(b"{}"));
        effects.snapshot();
        effects.report(|| panic!("nobody wants it"));
        assert!(effects.take().is_none());
        effects.progressed();
        assert!(effects.take().is_some_and(|taken| taken.drops.is_empty() && !taken.is_measured));
        assert!(effects.take().is_none());

        let mut effects = Effects::new(ObservedKinds { drops: true, batches: true, snapshots: true });
        effects.dropped(DropReason::Expired, None, Some(b"{}"));
        effects.snapshot();
        let taken = effects.take().unwrap();
        assert_eq!((taken.drops.len(), taken.is_measured), (1, true));
        assert!(effects.take().is_none() && effects.wants().drops, "it is wanted still");
    }

    #[test]
    fn the_bytes_of_dropped_events_are_bounded_and_the_rest_is_counted() {
        let mut effects = Effects::new(ObservedKinds { drops: true, ..ObservedKinds::default() });
        (0..MOST_DROPS + 3).for_each(|_| effects.dropped(DropReason::Expired, None, Some(b"{}")));
        let taken = effects.take().unwrap();
        assert_eq!((taken.drops.len(), taken.missed), (MOST_DROPS, 3));
        let large = vec![0; MOST_DROPPED_BYTES / 2 + 1];
        (0..3).for_each(|_| effects.dropped(DropReason::Expired, None, Some(&large)));
        let taken = effects.take().unwrap();
        assert_eq!((taken.drops.len(), taken.missed), (1, 2));
    }
}
