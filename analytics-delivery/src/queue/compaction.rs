//! Copying what waits out of chunks that hold little else.

use super::chunk::Pool;
use super::entry::EntryId;
use super::walk::Walk;
use super::{Queue, u32_of};

/// Chunks that are held at no cost: those that are being filled and sent.
const FREE_CHUNKS: usize = 8;
/// Chunks that are held before they count: what waits in them is copied before that.
const UNCOUNTED_CHUNKS: usize = 16;

/// Bytes that are copied in one slice, roughly.
const MOST_COPIED: usize = 1 << 20;

/// One partition that waits long has an event in every chunk. When the chunks that are held are more than twice what
/// lives in them, what waits there is copied into fresh ones, in slices.
#[derive(Debug, Default)]
pub(super) struct Compaction {
    /// What is being copied: events of the chunks before this one, as far as was seen.
    current: Option<(u32, Walk)>,
    /// What could not be copied the last time, because it was on its way.
    left: usize,
}

impl Queue {
    /// The bytes of chunks that are held beyond twice what lives in them, and that count as the queue's.
    pub(crate) fn sparse_bytes(&self) -> usize {
        self.held_beyond(UNCOUNTED_CHUNKS)
    }

    fn held_beyond(&self, chunks: usize) -> usize {
        self.held_bytes.saturating_sub(2 * self.live_bytes + chunks * self.chunk_bytes)
    }

    /// Copies the next events out of sparse chunks, if there are any, and looks at `most` for it; tells whether there
    /// may be more.
    pub(crate) fn compact(&mut self, most: usize, pool: &mut Pool) -> bool {
        if self.compaction.current.is_none() {
            let sparse = self.held_beyond(FREE_CHUNKS);
            self.compaction.left = self.compaction.left.min(sparse);
            if sparse <= 2 * self.compaction.left {
                return false;
            }
            let end = self.first_chunk.wrapping_add(u32_of(self.chunks.len()));
            self.compaction.current = Some((end, Walk::default()));
        }
        let Some((before, mut walk)) = self.compaction.current else { return false };
        let (first, last) = (self.first_chunk, before.wrapping_sub(self.first_chunk));
        let most_bytes = MOST_COPIED / self.live_bytes.checked_div(self.live_events()).unwrap_or(1).max(1);
        let ids =
            self.walk(&mut walk, most.min(most_bytes).max(1), |_, entry| Some(entry.chunk.wrapping_sub(first) < last));
        for id in ids {
            self.copy(id, pool);
        }
        let is_over = walk.is_over();
        self.compaction.current = (!is_over).then_some((before, walk));
        if is_over {
            self.compaction.left = self.held_beyond(FREE_CHUNKS);
        }
        !is_over
    }

    /// Copies an event's bytes to the end of the open chunk.
    fn copy(&mut self, id: EntryId, pool: &mut Pool) {
        let Some(entry) = self.index.get(id).copied() else { return };
        let Some(bytes) = self.bytes_of(&entry).map(Box::<[u8]>::from) else { return };
        let (chunk, offset) = self.append(&bytes, pool);
        if let Some(moved) = self.index.get_mut(id) {
            (moved.chunk, moved.offset) = (chunk, offset);
        }
        self.release(entry.chunk, entry.len, pool);
    }
}
