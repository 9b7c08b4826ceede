//! Settling events, and freeing what held them.

use super::Queue;
use super::chunk::{Chunk, Pool};
use super::entry::{Entry, EntryId, State};

impl Queue {
    /// Settles an event: its bytes are free once its chunk has no event left. Returns the entry, or `None` if it was
    /// settled before.
    pub(crate) fn settle(&mut self, id: EntryId, pool: &mut Pool) -> Option<Entry> {
        let entry = match id.as_aside() {
            Some(seq) => self.stragglers.set_state(seq, State::Settled),
            None => self.index.settle(id),
        }?;
        self.shares.subtract(entry.key, entry.len as usize);
        if id.as_aside().is_none() {
            self.release(entry.chunk, entry.len, pool);
        }
        Some(entry)
    }

    /// An event's bytes in a chunk are not needed any more.
    pub(super) fn release(&mut self, chunk: u32, len: u32, pool: &mut Pool) {
        self.live_bytes -= len as usize;
        let freed = self.chunk(chunk).map_or(0, |chunk| chunk.settle_one(pool));
        self.held_bytes -= freed;
        while self.chunks.front().is_some_and(Chunk::is_freed) {
            self.chunks.pop_front();
            self.first_chunk = self.first_chunk.wrapping_add(1);
        }
    }
}
