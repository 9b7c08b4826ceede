//! Looking for what comes first in all partitions of an index.

use std::cmp::Reverse;
use std::collections::BinaryHeap;

use super::entry::{AgeUnits, EntryId};
use super::index::Index;
use super::partition::Partition;

impl Index {
    /// The partitions that have an event.
    fn occupied(&self) -> impl Iterator<Item = (usize, &Partition)> {
        let words = (0..).step_by(64).zip(self.occupied);
        let places = words.flat_map(|(first, mut word)| {
            std::iter::from_fn(move || {
                let place = (word != 0).then(|| first + word.trailing_zeros() as usize)?;
                word &= word - 1;
                Some(place)
            })
        });
        places.filter_map(|place| Some((place, self.partitions.get(place)?)))
    }

    /// The lowest sequence number that is not settled, if there is one.
    pub(super) fn lowest_unsettled(&self) -> Option<u64> {
        let first = |(_, partition): (usize, &Partition)| {
            let block = self.blocks.get(partition.head)?;
            Some(block.seq(block.entry(block.first())?))
        };
        self.occupied().filter_map(first).min()
    }

    /// The first event that is neither settled nor leased.
    pub(super) fn first_waiting(&self) -> Option<(u64, EntryId)> {
        if self.waiting().events + self.retained().events == 0 {
            return None;
        }
        self.occupied().filter_map(|(_, partition)| partition.first_waiting()).min()
    }

    /// The sequence number of the first event that may be leased.
    pub(super) fn first_ready(&self) -> Option<u64> {
        if self.ready().events == 0 {
            return None;
        }
        self.ready_ones().map(|(seq, _)| seq).min()
    }

    /// The free partitions in which events wait, each after the sequence number of its first one.
    fn ready_ones(&self) -> impl Iterator<Item = (u64, usize)> {
        let free = self.occupied().filter(|(_, partition)| partition.is_free());
        free.filter_map(|(place, partition)| Some((partition.first_waiting()?.0, place)))
    }

    /// The free partitions in which events wait, to be taken out one by one: the one that has waited longest comes
    /// first.
    pub(super) fn ready_partitions(&self) -> BinaryHeap<Reverse<(u64, usize)>> {
        self.ready_ones().map(Reverse).collect()
    }

    /// The first events that are neither settled nor leased, at most so many: the age and the length of each.
    pub(super) fn oldest(&self, most: usize) -> Vec<(AgeUnits, usize)> {
        let mut firsts: BinaryHeap<_> =
            self.occupied().filter_map(|(_, partition)| partition.first_waiting()).map(Reverse).collect();
        let mut oldest = Vec::with_capacity(most);
        while oldest.len() < most
            && let Some(Reverse((_, id))) = firsts.pop()
        {
            oldest.extend(self.get(id).map(|entry| (entry.queued_at, entry.len as usize)));
            firsts.extend(self.waiting_behind(id).map(Reverse));
        }
        oldest
    }
}
