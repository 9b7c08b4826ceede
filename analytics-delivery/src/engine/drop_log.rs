//! Events that were dropped, kept until they are told of outside the lock.

use analytics_core::DropReason;

/// As many as wait to be told of; more are counted.
const MOST: usize = 4_096;
/// Bytes of the events that wait to be told of.
const MOST_BYTES: usize = 8 << 20;

#[derive(Debug, Default)]
pub(crate) struct DropLog {
    is_kept: bool,
    pub(crate) events: Vec<(DropReason, Box<[u8]>)>,
    bytes: usize,
    /// Events that were too many.
    pub(crate) missed: u64,
}

impl DropLog {
    /// A log that keeps events only if somebody wants to know of them.
    pub(super) fn new(is_kept: bool) -> Self {
        Self { is_kept, ..Self::default() }
    }

    pub(super) fn is_kept(&self) -> bool {
        self.is_kept
    }

    pub(super) fn note(&mut self, reason: DropReason, bytes: &[u8]) {
        if self.events.len() < MOST && self.bytes + bytes.len() <= MOST_BYTES {
            self.bytes += bytes.len();
            self.events.push((reason, bytes.into()));
        } else {
            self.missed += 1;
        }
    }

    /// What is to be told, which is told once.
    pub(super) fn take(&mut self) -> Self {
        let is_kept = self.is_kept;
        std::mem::replace(self, Self::new(is_kept))
    }
}
