//! How much of a queue each actor takes.

use super::EventTotals;
use super::entry::EntryKey;

const BUCKETS: usize = 4_096;

/// The events of each actor that are not settled, counted in buckets. Two actors share one of 4,096 now and then; a
/// queue that asks for an actor's share takes the smaller of its bucket and its partition.
#[derive(Debug)]
pub(super) struct Shares(Box<[EventTotals]>);

impl Shares {
    pub(super) fn new() -> Self {
        Self(vec![EventTotals::default(); BUCKETS].into())
    }

    /// The bucket of an actor, whose high bits do not choose its partition.
    fn place(key: EntryKey) -> Option<usize> {
        key.ordered().map(|key| (key.bits() >> (u32::BITS - BUCKETS.trailing_zeros())) as usize)
    }

    fn bucket(&mut self, key: EntryKey) -> Option<&mut EventTotals> {
        self.0.get_mut(Self::place(key)?)
    }

    pub(super) fn add(&mut self, key: EntryKey, bytes: usize) {
        if let Some(bucket) = self.bucket(key) {
            bucket.add(bytes);
        }
    }

    pub(super) fn subtract(&mut self, key: EntryKey, bytes: usize) {
        if let Some(bucket) = self.bucket(key) {
            bucket.subtract(bytes);
        }
    }

    /// What the actor has at most.
    pub(super) fn of(&self, key: EntryKey) -> EventTotals {
        Self::place(key).and_then(|place| self.0.get(place)).copied().unwrap_or_default()
    }
}
