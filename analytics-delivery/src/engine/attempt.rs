//! Which batch an attempt is at, and the batches that have to be sent again.

use std::time::Duration;

use crate::policy::Pause;
use crate::queue::{AgeUnits, Queue};

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
    pub(super) breaks: u32,
}

impl BatchIdentity {
    pub(super) const fn new(number: u64, composed_at: Duration) -> Self {
        Self { number, composed_at, attempts: 0, is_pruned: false, breaks: 0 }
    }

    /// Whether it has failed so often that it may be for what is in it.
    pub(super) const fn is_doubtful(&self) -> bool {
        self.attempts >= 3
    }

    /// The same batch after one attempt more.
    pub(crate) const fn attempted(self) -> Self {
        Self { attempts: self.attempts.saturating_add(1), ..self }
    }
}

/// An attempt at a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) route_index: usize,
    /// The gate's, when the batch was leased.
    pub(crate) generation: u64,
    pub(crate) batch: BatchIdentity,
    pub(crate) began_at: Duration,
    /// When it ends at the latest.
    pub(crate) ends_at: Duration,
}

/// Batches of one route whose attempt failed. Each is sent again as it was composed, less the events that were
/// settled since, so that a server can tell a repeat from something new. There are as many as fit in
/// flight, those that were tried in vain in an outage, and those of which a server took a part.
#[derive(Debug, Default)]
pub(super) struct Retained(Vec<Repeat>);

/// A batch that is to be sent again.
#[derive(Debug)]
pub(super) struct Repeat {
    pub(super) batch: BatchIdentity,
    pub(super) seqs: Vec<u64>,
    /// A wait of its own, beside the gate's.
    pub(super) pause: Pause,
    /// Whether it is large, and went all the way for nothing.
    pub(super) is_costly: bool,
}

impl Repeat {
    /// Whether it may be sent, as far as its own wait goes.
    fn is_ready(&self, now: Duration, is_hurried: bool) -> bool {
        self.pause.ends_at(is_hurried) <= now
    }
}

impl Retained {
    /// Keeps a batch after an attempt at it.
    pub(super) fn keep(&mut self, repeat: Repeat) {
        if repeat.seqs.is_empty() {
            return;
        }
        let place = self.0.partition_point(|other| other.batch.number < repeat.batch.number);
        self.0.insert(place, repeat);
    }

    /// Lets what is large, and went all the way for nothing, wait together.
    pub(super) fn hold_costly(&mut self, pause: Pause) {
        for repeat in self.0.iter_mut().filter(|repeat| repeat.is_costly) {
            repeat.pause = repeat.pause.max(pause);
        }
    }

    /// Takes the batch with the fewest attempts among those that may be sent, of several the one that was composed first:
    /// one that always fails, for what is in it, holds no other up.
    pub(super) fn take_ready(&mut self, now: Duration, is_hurried: bool) -> Option<Repeat> {
        let ready = self.0.iter().enumerate().filter(|(_, repeat)| repeat.is_ready(now, is_hurried));
        let (place, _) = ready.min_by_key(|(_, repeat)| repeat.batch.attempts)?;
        Some(self.0.remove(place))
    }

    /// Whether every batch that may be sent has failed so often that it may be for what is in it, or for its size.
    pub(super) fn are_doubtful(&self, now: Duration, is_hurried: bool) -> bool {
        let mut ready = self.0.iter().filter(|repeat| repeat.is_ready(now, is_hurried));
        ready.all(|repeat| repeat.batch.is_doubtful() || repeat.is_costly)
    }

    /// When the next batch may be sent.
    pub(super) fn ready_at(&self, is_hurried: bool) -> Option<Duration> {
        self.0.iter().map(|repeat| repeat.pause.ends_at(is_hurried)).min()
    }

    /// Cuts each batch of more than `max_bytes` into parts of no more, as far as its events can be parted. A part is a batch
    /// of its own, which `new_batch` names.
    pub(super) fn cut(&mut self, max_bytes: usize, queue: &Queue, mut new_batch: impl FnMut() -> BatchIdentity) {
        for Repeat { batch, seqs, pause, is_costly } in std::mem::take(&mut self.0) {
            let parts = parts_of(seqs, max_bytes, queue);
            let is_cut = parts.len() > 1;
            for seqs in parts {
                let BatchIdentity { is_pruned, breaks, .. } = batch;
                let part =
                    if is_cut { BatchIdentity { is_pruned, breaks: breaks.min(1), ..new_batch() } } else { batch };
                let pause = if is_cut { Pause::default() } else { pause };
                self.keep(Repeat { batch: part, seqs, pause, is_costly: is_costly && !is_cut });
            }
        }
    }

    /// The event that was captured first: its sequence number and its age. Batches of which all was settled meanwhile,
    /// for their age or for newer events, are forgotten.
    pub(super) fn oldest(&mut self, queue: &Queue) -> Option<(u64, AgeUnits)> {
        self.0.retain_mut(|Repeat { seqs, .. }| {
            let gone = seqs.iter().take_while(|seq| queue.retained_since(**seq).is_none()).count();
            seqs.drain(..gone);
            !seqs.is_empty()
        });
        let first = |Repeat { seqs, .. }: &Repeat| {
            let seq = *seqs.first()?;
            Some((seq, queue.retained_since(seq)?))
        };
        self.0.iter().filter_map(first).min()
    }
}

/// The events in parts of `max_bytes` at most, or of one event.
fn parts_of(seqs: Vec<u64>, max_bytes: usize, queue: &Queue) -> Vec<Vec<u64>> {
    let (mut parts, mut bytes) = (vec![Vec::new()], 0);
    for seq in seqs {
        let len = queue.bytes(seq).map_or(0, <[u8]>::len);
        bytes += len;
        if bytes > max_bytes && parts.last().is_some_and(|part| !part.is_empty()) {
            parts.push(Vec::new());
            bytes = len;
        }
        parts.last_mut().into_iter().for_each(|part| part.push(seq));
    }
    parts
}
