//! Bytes of events, many to a chunk.

use std::sync::Arc;

/// The size of an ordinary chunk in a queue of 32 MiB or more; a larger event has a chunk to itself.
const MOST_CHUNK_BYTES: usize = 256 * 1024;
const LEAST_CHUNK_BYTES: usize = 4 * 1024;
/// Chunks of a smaller queue, of which one that is held weighs as much less.
const CHUNKS: usize = 128;

/// Bytes that are reserved at most; a larger queue allocates the rest when it needs it.
const MOST_RESERVED_BYTES: usize = 256 << 20;

/// A run of events' bytes.
#[derive(Debug)]
pub(crate) struct Chunk {
    bytes: Bytes,
    /// Events in it that are not settled.
    alive: u32,
}

#[derive(Debug)]
enum Bytes {
    /// Events are appended.
    Open(Vec<u8>),
    /// Nothing changes any more: leases share it.
    Sealed(Arc<Vec<u8>>),
    /// Every event is settled.
    Freed,
}

impl Chunk {
    pub(super) fn open(bytes: Vec<u8>) -> Self {
        Self { bytes: Bytes::Open(bytes), alive: 0 }
    }

    pub(super) fn has_room(&self, len: usize) -> bool {
        matches!(&self.bytes, Bytes::Open(bytes) if bytes.len() + len <= bytes.capacity())
    }

    /// The bytes that it takes as long as it is held.
    pub(super) fn capacity(&self) -> usize {
        match &self.bytes {
            Bytes::Open(bytes) => bytes.capacity(),
            Bytes::Sealed(bytes) => bytes.capacity(),
            Bytes::Freed => 0,
        }
    }

    /// Appends an event and returns its place. The chunk is open: [`has_room`](Self::has_room) said so.
    pub(super) fn append(&mut self, event: &[u8]) -> usize {
        let Bytes::Open(bytes) = &mut self.bytes else { unreachable!("a sealed chunk has no room") };
        let offset = bytes.len();
        bytes.extend_from_slice(event);
        self.alive += 1;
        offset
    }

    /// Shares the bytes, which do not change from now on. An event of the chunk is alive, so that it was not freed.
    pub(super) fn seal(&mut self) -> Arc<Vec<u8>> {
        if let Bytes::Open(bytes) = &mut self.bytes {
            self.bytes = Bytes::Sealed(Arc::new(std::mem::take(bytes)));
        }
        match &self.bytes {
            Bytes::Sealed(bytes) => Arc::clone(bytes),
            Bytes::Open(_) | Bytes::Freed => unreachable!("a chunk with an event in it is not freed"),
        }
    }

    /// One event less. After the last one the bytes go back to the pool, unless a lease still looks at them. Returns
    /// how many were freed.
    pub(super) fn settle_one(&mut self, pool: &mut Pool) -> usize {
        self.alive -= 1;
        if self.alive > 0 {
            return 0;
        }
        let freed = self.capacity();
        match std::mem::replace(&mut self.bytes, Bytes::Freed) {
            Bytes::Open(bytes) => pool.give(bytes),
            Bytes::Sealed(bytes) => {
                if let Ok(bytes) = Arc::try_unwrap(bytes) {
                    pool.give(bytes);
                }
            }
            Bytes::Freed => {}
        }
        freed
    }

    /// What was appended.
    pub(super) fn bytes(&self) -> &[u8] {
        match &self.bytes {
            Bytes::Open(bytes) => bytes,
            Bytes::Sealed(bytes) => bytes,
            Bytes::Freed => &[],
        }
    }

    pub(super) fn is_freed(&self) -> bool {
        matches!(self.bytes, Bytes::Freed)
    }
}

/// Chunks to be used again, so that appending an event allocates nothing.
///
/// All that the queue may need, up to 256 MiB, is allocated at the start. That costs address space only: memory that
/// was never written to is not resident. The chunk used last is used next, so a quiet queue stays in a few of them.
#[derive(Debug)]
pub(crate) struct Pool {
    spare: Vec<Vec<u8>>,
    keep: usize,
    chunk_bytes: usize,
}

impl Pool {
    /// The chunks of a queue of `bytes`.
    pub(crate) fn new(bytes: usize) -> Self {
        let chunk_bytes = (bytes / CHUNKS).clamp(LEAST_CHUNK_BYTES, MOST_CHUNK_BYTES);
        let keep = bytes.min(MOST_RESERVED_BYTES).div_ceil(chunk_bytes) + 1;
        Self { spare: (0..keep).map(|_| Vec::with_capacity(chunk_bytes)).collect(), keep, chunk_bytes }
    }

    /// An empty chunk for an event of `len` bytes.
    pub(super) fn take(&mut self, len: usize) -> Vec<u8> {
        if len > self.chunk_bytes {
            return Vec::with_capacity(len);
        }
        // Chunks that were sealed half full can use the spare ones up; then one more is made.
        self.spare.pop().unwrap_or_else(|| Vec::with_capacity(self.chunk_bytes))
    }

    fn give(&mut self, mut bytes: Vec<u8>) {
        if bytes.capacity() == self.chunk_bytes && self.spare.len() < self.keep {
            bytes.clear();
            self.spare.push(bytes);
        }
    }

    /// The size of an ordinary chunk.
    pub(crate) fn chunk_bytes(&self) -> usize {
        self.chunk_bytes
    }

    /// Takes all chunks out; for a queue that takes no more events.
    pub(crate) fn take_all(&mut self) -> Self {
        std::mem::replace(self, Self { spare: Vec::new(), keep: 0, chunk_bytes: self.chunk_bytes })
    }

    #[cfg(test)]
    pub(super) fn spare(&self) -> usize {
        self.spare.len()
    }
}
