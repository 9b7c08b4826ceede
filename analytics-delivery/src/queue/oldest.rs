//! What has waited longest.

use super::entry::{AgeUnits, Entry, EntryId, EntryKey};
use super::{Queue, partition_of};

impl Queue {
    /// The first event that is neither settled nor leased: its sequence number, its name and its age.
    pub(crate) fn oldest(&self) -> Option<(u64, EntryId, AgeUnits)> {
        let aside = self.stragglers.unleased().next().map(|(seq, _)| (seq, EntryId::aside(seq)));
        let (seq, id) = self.index.first_waiting().into_iter().chain(aside).min()?;
        Some((seq, id, self.entry(id)?.queued_at))
    }

    /// The first events of the actor with this hash that are neither settled nor leased, among the first `most` of its
    /// partition and at most so many: the name and the length of each.
    pub(crate) fn oldest_of(&self, hash: u64, most: usize) -> Vec<(EntryId, usize)> {
        let key = EntryKey::of(hash);
        let is_its = |entry: &Entry| entry.waits() && entry.key == key;
        let aside = self.stragglers.unleased().filter(|(_, entry)| is_its(entry));
        let aside = aside.map(|(seq, entry)| (EntryId::aside(seq), entry.len as usize));
        let partition = partition_of(hash);
        let first = self.index.first_waiting_in(partition);
        let indexed = first.into_iter().flat_map(|id| self.index.events_of(partition, Some(id))).take(most);
        let indexed = indexed.filter_map(|id| Some((id, self.index.get(id)?))).filter(|(_, entry)| is_its(entry));
        aside.chain(indexed.map(|(id, entry)| (id, entry.len as usize))).take(most).collect()
    }

    /// The first events that are neither settled nor leased, at most so many: the age and the length of each.
    pub(crate) fn oldest_few(&self, most: usize) -> Vec<(AgeUnits, usize)> {
        let aside = self.stragglers.unleased().take(most).map(|(_, entry)| (entry.queued_at, entry.len as usize));
        aside.chain(self.index.oldest(most)).collect()
    }
}
