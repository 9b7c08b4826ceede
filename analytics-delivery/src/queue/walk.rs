//! Going through a queue's events in slices.

use super::Queue;
use super::entry::{Entry, EntryId};
use super::index::PARTITIONS;

/// How far somebody has come who goes through a queue's events, partition by partition, and last through those that
/// were set aside.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Walk {
    partition: usize,
    /// The next event there; that partition's first one if there is none, or none any more.
    next: Option<EntryId>,
}

impl Walk {
    /// Whether all was seen.
    pub(crate) fn is_over(&self) -> bool {
        self.partition > PARTITIONS
    }
}

impl Queue {
    /// The next events that are `wanted` among those that are neither settled nor leased, of which `most` are looked
    /// at. They are asked for by their sequence numbers, in each partition in their order; `None` says that none behind
    /// is wanted, either.
    pub(crate) fn walk(
        &self,
        walk: &mut Walk,
        most: usize,
        wanted: impl Fn(u64, &Entry) -> Option<bool>,
    ) -> Vec<EntryId> {
        let (mut found, mut seen) = (Vec::new(), 0);
        while walk.partition < PARTITIONS {
            for id in self.index.events_of(walk.partition, walk.next.take()) {
                if seen == most {
                    walk.next = Some(id);
                    return found;
                }
                seen += 1;
                let Some((seq, entry)) = self.index.seq(id).zip(self.index.get(id)) else { continue };
                let Some(is_wanted) = wanted(seq, entry) else { break };
                found.extend((is_wanted && entry.waits()).then_some(id));
            }
            walk.partition += 1;
        }
        if walk.partition == PARTITIONS {
            let from = walk.next.take().and_then(EntryId::as_aside).unwrap_or(0);
            for (seq, entry) in self.stragglers.unleased_from(from) {
                if seen == most {
                    walk.next = Some(EntryId::aside(seq));
                    return found;
                }
                seen += 1;
                found.extend((wanted(seq, entry) == Some(true)).then_some(EntryId::aside(seq)));
            }
            walk.partition += 1;
        }
        found
    }
}
