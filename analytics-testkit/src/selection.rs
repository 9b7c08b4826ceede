//! Which records of a recording an assertion is about.

use std::sync::Arc;

use analytics_core::OwnedRecord;

use crate::expected::{Condition, Expectation};
use crate::recording::Snapshot;

/// The records of a recording that are expected, and how many there are to be.
#[derive(Debug)]
pub(crate) struct Selection {
    pub(crate) snapshot: Snapshot,
    pub(crate) expected: Expectation,
    pub(crate) demand: Demand,
}

/// How many records must be left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Demand {
    One,
    None,
    Exactly(usize),
}

impl Demand {
    pub(crate) fn number(self) -> usize {
        match self {
            Self::One => 1,
            Self::None => 0,
            Self::Exactly(number) => number,
        }
    }
}

impl Selection {
    /// The records of the subject, with their places in the recording.
    pub(crate) fn candidates(&self) -> impl Iterator<Item = (usize, &Arc<OwnedRecord>)> {
        self.snapshot.records.iter().enumerate().filter(|(_, record)| self.expected.subject.is_of(record))
    }

    /// The candidates of which those conditions hold that `count`.
    pub(crate) fn left(&self, count: impl Fn(&Condition) -> bool) -> impl Iterator<Item = &Arc<OwnedRecord>> {
        let holds =
            move |record: &OwnedRecord| self.expected.conditions.iter().all(|each| !count(each) || each.holds(record));
        self.candidates().map(|(_, record)| record).filter(move |record| holds(record))
    }
}

/// The records that `expected` describes.
pub(crate) fn matching<'r>(
    records: &'r [Arc<OwnedRecord>],
    expected: &Expectation,
) -> impl Iterator<Item = (usize, &'r Arc<OwnedRecord>)> {
    records.iter().enumerate().filter(|(_, record)| {
        expected.subject.is_of(record) && expected.conditions.iter().all(|condition| condition.holds(record))
    })
}
