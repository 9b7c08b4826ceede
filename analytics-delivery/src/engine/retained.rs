//! The batches that have to be sent again.

use std::collections::{HashMap, VecDeque};
use std::time::Duration;

use crate::batch::BatchIdentity;
use crate::policy::Pause;
use crate::queue::{EntryId, Queue};

/// Batches of one route whose attempt failed. Each is sent again as it was composed, less the events that were
/// settled since, so that a server can tell a repeat from something new. There are as many as fit in
/// dispatch, those that were tried in vain in an outage, and those of which a server took a part.
#[derive(Debug, Default)]
pub(super) struct Retained(Vec<Repeat>);

/// A batch that is to be sent again, and what was to follow it. No two of them have events of one partition, so that
/// one that always fails holds up no other.
#[derive(Debug, Default)]
pub(super) struct Repeat {
    /// The batch, and the parts that are sent when it is settled: of the same partitions, perhaps.
    pub(super) parts: VecDeque<RetainedBatchPart>,
    /// A wait of its own, beside the back-off's.
    pub(super) pause: Pause,
    /// Whether it is large, and went all the way for nothing.
    pub(super) is_costly: bool,
}

/// A batch's identity, and its events.
#[derive(Debug)]
pub(super) struct RetainedBatchPart {
    pub(super) batch: BatchIdentity,
    pub(super) ids: Vec<EntryId>,
}

/// Events that are sent one part after the other.
type Chain = Vec<Vec<EntryId>>;

impl Repeat {
    /// Whether it may be sent, as far as its own wait goes.
    fn is_ready(&self, now: Duration, is_hurried: bool) -> bool {
        self.pause.ends_at(is_hurried) <= now
    }

    /// The batch that is sent first.
    fn batch(&self) -> Option<BatchIdentity> {
        self.parts.front().map(|part| part.batch)
    }

    /// Whether anything can go before the rest, or without it.
    pub(super) fn can_be_halved(&self, queue: &Queue) -> bool {
        let mut groups = self.parts.iter().flat_map(|part| &part.ids).map(|id| queue.group_of(*id));
        let first = groups.next();
        self.parts.front().is_some_and(|part| part.ids.len() > 1) || groups.any(|group| Some(group) != first)
    }

    /// Parts of it, each for itself, that hold each other up as little as can be: by their partitions, two of them, as
    /// long as it has events of several. If all are of one, its first part in two, one after the other.
    pub(super) fn halved(self, queue: &Queue, mut new_batch: impl FnMut() -> BatchIdentity) -> Vec<Self> {
        let Some(batch) = self.batch() else { return Vec::new() };
        let first_events = self.parts.front().map_or(0, |part| part.ids.len());
        let mut chain: Chain = self.parts.into_iter().map(|part| part.ids).collect();
        let groups = sizes_of(&chain, queue, |_| 1);
        let chains = if groups.len() > 1 {
            // Those of the first part come first. Something is left for the second half.
            let (mut taken, mut first) = (0, HashMap::new());
            for (group, events) in groups.iter().take(groups.len() - 1) {
                if taken > 0 && taken + events > first_events.div_ceil(2) {
                    break;
                }
                taken += events;
                first.insert(*group, 0);
            }
            split(&chain, queue, |group| first.get(&group).copied().unwrap_or(1))
        } else {
            if let Some(part) = chain.first_mut().filter(|part| part.len() > 1) {
                let second = part.split_off(part.len().div_ceil(2));
                chain.insert(1, second);
            }
            vec![chain]
        };
        // A half has as much to prove as the whole: its next failure halves it again.
        let of_batch = |new: BatchIdentity| BatchIdentity { is_suspect: true, ..new.part_of(batch) };
        chains.into_iter().map(|chain| Self::new(chain, || of_batch(new_batch()))).collect()
    }

    /// Parts of it of `max_bytes` at most, or of one event: whole partitions together, each for itself, and those of
    /// one partition one after the other.
    fn cut(self, max_bytes: usize, queue: &Queue, mut new_batch: impl FnMut() -> BatchIdentity) -> Vec<Self> {
        let len = |id: &EntryId| queue.bytes(*id).map_or(0, <[u8]>::len);
        let is_large =
            |part: &RetainedBatchPart| part.ids.len() > 1 && part.ids.iter().map(len).sum::<usize>() > max_bytes;
        let Some(batch) = self.batch().filter(|_| self.parts.iter().any(is_large)) else { return vec![self] };
        let chain: Chain = self.parts.into_iter().map(|part| part.ids).collect();
        let (mut places, mut place, mut filled) = (HashMap::new(), 0, 0);
        for (group, bytes) in sizes_of(&chain, queue, len) {
            filled += bytes;
            if filled > max_bytes && filled > bytes {
                place += 1;
                filled = bytes;
            }
            places.insert(group, place);
        }
        let chains = split(&chain, queue, |group| places.get(&group).copied().unwrap_or(0));
        let pieces = |chain: Chain| chain.into_iter().flat_map(|part| pieces_of(part, max_bytes, len)).collect();
        chains.into_iter().map(|chain| Self::new(pieces(chain), || new_batch().part_of(batch))).collect()
    }

    fn new(chain: Chain, mut new_batch: impl FnMut() -> BatchIdentity) -> Self {
        let parts = chain.into_iter().map(|ids| RetainedBatchPart { batch: new_batch(), ids }).collect();
        Self { parts, ..Self::default() }
    }
}

impl Retained {
    /// Keeps a batch after an attempt at it.
    pub(super) fn keep(&mut self, mut repeat: Repeat) {
        repeat.parts.retain(|part| !part.ids.is_empty());
        if let Some(batch) = repeat.batch() {
            let is_before = |other: &Repeat| other.batch().is_some_and(|other| other.number < batch.number);
            let place = self.0.partition_point(is_before);
            self.0.insert(place, repeat);
        }
    }

    /// Lets what is large, and went all the way for nothing, wait together.
    pub(super) fn hold_costly(&mut self, pause: Pause) {
        for repeat in self.0.iter_mut().filter(|repeat| repeat.is_costly) {
            repeat.pause = repeat.pause.max(pause);
        }
    }

    /// Takes the batch with the fewest attempts among those that may be sent, of several the one that was composed
    /// first: one that always fails, for what is in it, holds no other up.
    pub(super) fn take_ready(&mut self, now: Duration, is_hurried: bool) -> Option<Repeat> {
        let ready = self.0.iter().enumerate().filter(|(_, repeat)| repeat.is_ready(now, is_hurried));
        let (place, _) = ready.min_by_key(|(_, repeat)| repeat.batch().map(|batch| batch.attempts))?;
        Some(self.0.remove(place))
    }

    /// Whether every batch that may be sent has failed so often that it may be for what is in it, or for its size.
    pub(super) fn are_doubtful(&self, now: Duration, is_hurried: bool) -> bool {
        let mut ready = self.0.iter().filter(|repeat| repeat.is_ready(now, is_hurried));
        ready.all(|repeat| repeat.is_costly || repeat.batch().is_some_and(|batch| batch.is_doubtful()))
    }

    /// When the next batch may be sent.
    pub(super) fn ready_at(&self, is_hurried: bool) -> Option<Duration> {
        self.0.iter().map(|repeat| repeat.pause.ends_at(is_hurried)).min()
    }

    /// Cuts each batch of more than `max_bytes` into parts of no more, as far as its events can be parted. A part is a
    /// batch of its own, which `new_batch` names.
    pub(super) fn cut(&mut self, max_bytes: usize, queue: &Queue, mut new_batch: impl FnMut() -> BatchIdentity) {
        for repeat in std::mem::take(&mut self.0) {
            for part in repeat.cut(max_bytes, queue, &mut new_batch) {
                self.keep(part);
            }
        }
    }

    /// Forgets batches of which all was settled meanwhile, for their age or for newer events.
    pub(super) fn forget_settled(&mut self, queue: &Queue) {
        self.0.retain_mut(|repeat| {
            while let Some(part) = repeat.parts.front_mut() {
                let gone = part.ids.iter().take_while(|id| queue.retained_since(**id).is_none()).count();
                part.ids.drain(..gone);
                if !part.ids.is_empty() {
                    return true;
                }
                repeat.parts.pop_front();
            }
            false
        });
    }
}

/// The partitions of a chain's events, in the order in which they come first, and the sum of `size` over each.
fn sizes_of(chain: &Chain, queue: &Queue, size: impl Fn(&EntryId) -> usize) -> Vec<(u64, usize)> {
    let (mut places, mut sizes) = (HashMap::new(), Vec::new());
    for id in chain.iter().flatten() {
        let group = queue.group_of(*id);
        let place = *places.entry(group).or_insert(sizes.len());
        if place == sizes.len() {
            sizes.push((group, 0));
        }
        sizes.get_mut(place).into_iter().for_each(|(_, sum)| *sum += size(id));
    }
    sizes
}

/// A chain for each place in which events have theirs.
fn split(chain: &Chain, queue: &Queue, place_of: impl Fn(u64) -> usize) -> Vec<Chain> {
    let mut chains: Vec<Chain> = Vec::new();
    for (number, part) in chain.iter().enumerate() {
        for id in part {
            let place = place_of(queue.group_of(*id));
            while chains.len() <= place {
                chains.push(vec![Vec::new(); chain.len()]);
            }
            chains.get_mut(place).and_then(|chain| chain.get_mut(number)).into_iter().for_each(|part| part.push(*id));
        }
    }
    for chain in &mut chains {
        chain.retain(|part| !part.is_empty());
    }
    chains
}

/// The events in pieces of `max_bytes` at most, or of one event.
fn pieces_of(ids: Vec<EntryId>, max_bytes: usize, len: impl Fn(&EntryId) -> usize) -> Chain {
    let (mut pieces, mut bytes) = (vec![Vec::new()], 0);
    for id in ids {
        let len = len(&id);
        bytes += len;
        if bytes > max_bytes && pieces.last().is_some_and(|piece| !piece.is_empty()) {
            pieces.push(Vec::new());
            bytes = len;
        }
        pieces.last_mut().into_iter().for_each(|piece| piece.push(id));
    }
    pieces
}
