//! What a transport sees of the events it sends.

use std::collections::HashSet;
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use crate::queue::{EntryKey, Leased, Slot};
use crate::route::Route;

/// A batch's identity: the same for every attempt at it. A half of a batch is a batch of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct BatchIdentity {
    /// Unique within the engine, in the order in which batches were composed.
    pub(crate) number: u64,
    pub(crate) composed_at: Duration,
    /// Attempts made at it before.
    pub(crate) attempts: u32,
    /// Whether the server took some of its events and could not keep the others.
    pub(crate) is_pruned: bool,
    /// Connections that broke over it without an answer, or over the larger batch that it was a part of.
    pub(crate) breaks: u32,
    /// Whether it is a part of a batch that failed again and again while others passed.
    pub(crate) is_suspect: bool,
}

impl BatchIdentity {
    pub(crate) const fn new(number: u64, composed_at: Duration) -> Self {
        Self { number, composed_at, attempts: 0, is_pruned: false, breaks: 0, is_suspect: false }
    }

    /// Whether it has failed so often that it may be for what is in it.
    pub(crate) const fn is_doubtful(&self) -> bool {
        self.attempts >= 3 || self.is_suspect
    }

    /// This new batch as a part of another one: it inherits what is known of that.
    pub(crate) fn part_of(self, whole: Self) -> Self {
        let Self { is_pruned, is_suspect, .. } = whole;
        Self { is_pruned, is_suspect, breaks: whole.breaks.min(1), ..self }
    }

    /// The same batch after one attempt more.
    pub(crate) const fn attempted(self) -> Self {
        Self { attempts: self.attempts.saturating_add(1), ..self }
    }
}

/// Events to be sent in one request. Their bytes are those of every attempt.
#[derive(Debug)]
pub struct Batch<'a> {
    route: Route,
    identity: BatchIdentity,
    composed_at: SystemTime,
    slots: &'a [Slot],
    chunks: &'a [Arc<Vec<u8>>],
}

/// One event of a batch.
#[derive(Clone, Copy, Debug)]
pub struct BatchEvent<'a> {
    bytes: &'a [u8],
    attempts: u16,
}

impl<'a> Batch<'a> {
    pub(crate) fn new(route: Route, identity: BatchIdentity, composed_at: SystemTime, leased: &'a Leased) -> Self {
        Self { route, identity, composed_at, slots: &leased.slots, chunks: &leased.chunks }
    }

    /// The route that all its events take.
    #[must_use]
    pub fn route(&self) -> Route {
        self.route
    }

    /// The batch's number, unique within its sink and the same for every attempt at it. A half of a batch that was too
    /// large is a batch of its own.
    #[must_use]
    pub fn number(&self) -> u64 {
        self.identity.number
    }

    /// Which attempt at this batch it is, from 1.
    #[must_use]
    pub fn attempt(&self) -> u32 {
        self.identity.attempts.saturating_add(1)
    }

    /// When the batch was composed; the same for every attempt at it.
    #[must_use]
    pub fn composed_at(&self) -> SystemTime {
        self.composed_at
    }

    /// The number of events; never zero.
    #[must_use]
    #[expect(clippy::len_without_is_empty, reason = "a batch is never empty")]
    pub fn len(&self) -> usize {
        self.slots.len()
    }

    /// The bytes of all events.
    #[must_use]
    pub fn bytes(&self) -> usize {
        self.slots.iter().map(|slot| slot.len as usize).sum()
    }

    /// Adds to those of its events that are not to be sent, by their places, the ones that follow them in their order:
    /// they are not to be sent either.
    #[must_use]
    pub fn with_followers(&self, mut unsent: Vec<bool>) -> Vec<bool> {
        if unsent.contains(&true) {
            let mut held = HashSet::new();
            for (slot, is_unsent) in self.slots.iter().zip(&mut unsent) {
                *is_unsent |= held.contains(&slot.key);
                if *is_unsent && slot.key != EntryKey::NONE {
                    held.insert(slot.key);
                }
            }
        }
        unsent
    }

    /// The events, those of each actor in the order in which they were captured; up to 128 of them all in that order.
    #[must_use]
    pub fn events(&self) -> impl ExactSizeIterator<Item = BatchEvent<'a>> {
        let chunks = self.chunks;
        self.slots.iter().map(move |slot| {
            let from = slot.offset as usize;
            let chunk = chunks.get(slot.chunk as usize);
            let bytes = chunk.and_then(|chunk| chunk.get(from..from + slot.len as usize)).unwrap_or_default();
            BatchEvent { bytes, attempts: slot.attempts }
        })
    }
}

impl<'a> BatchEvent<'a> {
    /// What the encoder wrote.
    #[must_use]
    pub fn bytes(&self) -> &'a [u8] {
        self.bytes
    }

    /// The attempts that were made at this event before.
    #[must_use]
    pub fn attempts(&self) -> u16 {
        self.attempts
    }
}
