use std::collections::BTreeMap;

use proptest::prelude::*;

use super::*;

/// Places in a chunk from which an event's bytes are read.
fn bytes_of(leased: &Leased, slot: &Slot) -> Vec<u8> {
    let from = slot.offset as usize;
    leased.chunks[slot.chunk as usize][from..from + slot.len as usize].to_vec()
}

/// An event whose bytes tell its sequence number.
fn event(seq: u64, len: usize) -> Vec<u8> {
    seq.to_le_bytes().into_iter().cycle().take(len.max(8)).collect()
}

/// Actors in few partitions, two of them in one.
const HASHES: [u64; 4] = [0x1111_1111_0000_0001, 0x2222_2222_0000_0001, 0x3333_3333_0000_0002, 0x4444_4444_0000_00ff];

#[derive(Clone, Debug)]
enum Step {
    Push(usize, Option<u64>),
    Lease(usize, usize),
    GiveBack(usize),
    Retain(usize),
    /// A part of it is taken, the rest could not be kept.
    TakePart(usize),
    LeaseRetained(usize),
    Settle(usize),
    SettleOldest,
    Compact,
}

fn step() -> impl Strategy<Value = Step> {
    let len = prop_oneof![20 => 8_usize..600, 1 => 200_000_usize..300_000];
    let hash = prop_oneof![3 => (0..HASHES.len()).prop_map(|which| Some(HASHES[which])), 2 => Just(None)];
    prop_oneof![
        6 => (len, hash).prop_map(|(len, hash)| Step::Push(len, hash)),
        3 => (1_usize..20, 100_usize..700_000).prop_map(|(events, bytes)| Step::Lease(events, bytes)),
        1 => (0_usize..8).prop_map(Step::GiveBack),
        1 => (0_usize..8).prop_map(Step::Retain),
        2 => (0_usize..8).prop_map(Step::TakePart),
        2 => (0_usize..4).prop_map(Step::LeaseRetained),
        2 => (0_usize..8).prop_map(Step::Settle),
        1 => Just(Step::SettleOldest),
        1 => Just(Step::Compact),
    ]
}

/// A queue beside a map of the events that are alive: the length and the actor of each.
struct Model {
    queue: Queue,
    pool: Pool,
    alive: BTreeMap<u64, (usize, Option<u64>)>,
    leases: Vec<Leased>,
    retained: Vec<Vec<EntryId>>,
}

impl Model {
    fn new() -> Self {
        let pool = Pool::new(1 << 20);
        let queue = Queue::new(16, 64, &pool);
        Self { queue, pool, alive: BTreeMap::new(), leases: Vec::new(), retained: Vec::new() }
    }

    fn push(&mut self, len: usize, hash: Option<u64>) {
        let (seq, len) = (self.queue.end(), len.max(8));
        self.alive.insert(seq, (len, hash));
        self.queue.push(&event(seq, len), hash, 0, &mut self.pool);
    }

    /// Earlier events of an actor are on their way in the same request, or not alive.
    fn check_lease(&self, leased: &Leased) {
        let seqs: Vec<_> = leased.slots.iter().map(|slot| slot.seq).collect();
        assert!(seqs.is_sorted(), "as they were captured");
        for slot in &leased.slots {
            let (len, hash) = self.alive[&slot.seq];
            assert_eq!(bytes_of(leased, slot), event(slot.seq, len));
            let mut earlier = self.alive.range(..slot.seq).filter(|(_, (_, other))| hash.is_some() && *other == hash);
            assert!(earlier.all(|(seq, _)| seqs.contains(seq)), "{} overtakes", slot.seq);
        }
    }

    fn take(&mut self, step: &Step) {
        match *step {
            Step::Push(len, hash) => self.push(len, hash),
            Step::Lease(events, bytes) => {
                let ready = self.queue.ready().events;
                let leased = self.queue.lease(events, bytes, &mut self.pool);
                assert!(!leased.slots.is_empty() || ready == 0 || self.queue.ready().events < ready, "it goes on");
                let total: usize = leased.slots.iter().map(|slot| slot.len as usize).sum();
                assert!(leased.slots.len() <= events && (total <= bytes || leased.slots.len() == 1));
                self.check_lease(&leased);
                self.leases.push(leased);
            }
            Step::GiveBack(which) if which < self.leases.len() => {
                for slot in self.leases.swap_remove(which).slots {
                    self.queue.give_back(slot.id, true);
                }
            }
            Step::Retain(which) if which < self.leases.len() => {
                let ids: Vec<_> = self.leases.swap_remove(which).slots.iter().map(|slot| slot.id).collect();
                for id in &ids {
                    self.queue.retain(*id, true);
                }
                self.retained.push(ids);
            }
            Step::TakePart(which) if which < self.leases.len() => {
                let Leased { slots, chunks, .. } = self.leases.swap_remove(which);
                drop(chunks);
                let (taken, rest): (Vec<_>, Vec<_>) = slots.into_iter().partition(|slot| slot.seq % 3 == 0);
                for slot in &taken {
                    self.settle(slot);
                }
                let aside = rest.iter().map(|slot| self.queue.set_aside(slot.id, &mut self.pool)).collect();
                self.retained.push(aside);
            }
            Step::LeaseRetained(which) if which < self.retained.len() => {
                let ids = self.retained.swap_remove(which);
                let leased = self.queue.lease_retained(&ids);
                self.check_lease(&leased);
                self.leases.push(leased);
            }
            Step::Settle(which) if which < self.leases.len() => {
                let leased = self.leases.swap_remove(which);
                let Leased { slots, chunks, .. } = leased;
                drop(chunks);
                for slot in &slots {
                    self.settle(slot);
                }
            }
            Step::SettleOldest => {
                if let Some((seq, id, _)) = self.queue.oldest() {
                    assert!(self.queue.settle(id, &mut self.pool).is_some());
                    self.alive.remove(&seq);
                }
            }
            Step::Compact => while self.queue.compact(3, &mut self.pool) {},
            _ => {}
        }
    }

    fn settle(&mut self, slot: &Slot) {
        assert_eq!(self.queue.settle(slot.id, &mut self.pool).map(|entry| entry.len), Some(slot.len));
        assert_eq!(self.queue.settle(slot.id, &mut self.pool), None, "settled twice");
        self.alive.remove(&slot.seq);
    }

    fn check(&self) {
        let out: usize = self.leases.iter().map(|leased| leased.slots.len()).sum();
        assert_eq!(self.queue.live_events(), self.alive.len());
        assert_eq!(self.queue.waiting().events + self.queue.retained().events + out, self.alive.len());
        assert_eq!(self.queue.lowest_unsettled(), self.alive.keys().next().copied().unwrap_or(self.queue.end()));
        for hash in HASHES {
            let of_actor = self.alive.values().filter(|(_, other)| *other == Some(hash));
            let (events, bytes) = of_actor.fold((0, 0), |sum, (len, _)| (sum.0 + 1, sum.1 + len));
            assert_eq!(self.queue.share(hash), EventTotals { events, bytes });
        }
        let mut walk = Walk::default();
        let mut seen = 0;
        while !walk.is_over() {
            seen += self.queue.walk(&mut walk, 5, |_, _| Some(true)).len();
        }
        assert_eq!(seen, self.queue.waiting().events + self.queue.retained().events);
    }

    fn check_bytes(&self) {
        let bytes: Vec<_> = self.queue.unsettled().map(<[u8]>::to_vec).collect();
        let expected: Vec<_> = self.alive.iter().map(|(seq, (len, _))| event(*seq, *len)).collect();
        assert!(bytes == expected, "the bytes of all that is left");
    }

    /// All that is left goes out and arrives.
    fn drain(&mut self) {
        while !self.leases.is_empty() {
            self.take(&Step::Settle(0));
        }
        while !self.retained.is_empty() {
            self.take(&Step::LeaseRetained(0));
            self.take(&Step::Settle(0));
        }
        while self.queue.ready().events > 0 {
            self.take(&Step::Lease(10, 10_000));
            self.take(&Step::Settle(0));
        }
        assert!(self.alive.is_empty(), "nothing is left behind");
        assert_eq!((self.queue.index_len(), self.queue.held_bytes, self.queue.live_bytes), (0, 0, 0));
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn an_event_is_in_one_place_its_bytes_never_change_and_no_actors_overtake_each_other(
        steps in prop::collection::vec(step(), 1..160),
    ) {
        let mut model = Model::new();
        for (number, step) in steps.iter().enumerate() {
            model.take(step);
            model.check();
            if number % 16 == 0 {
                model.check_bytes();
            }
        }
        model.check_bytes();
        model.drain();
    }
}

#[test]
fn chunks_are_used_again_once_their_events_are_settled() {
    let mut pool = Pool::new(1 << 20);
    let spare = pool.spare();
    let mut queue = Queue::new(16, 1_000, &pool);
    for _ in 0..100 {
        for seq in 0..50 {
            queue.push(&event(seq, 20_000), None, 0, &mut pool);
        }
        let Leased { slots, chunks, .. } = queue.lease(50, usize::MAX, &mut pool);
        drop(chunks);
        for slot in slots {
            assert!(queue.settle(slot.id, &mut pool).is_some());
        }
        assert_eq!(pool.spare(), spare, "all chunks are back");
    }
}

#[test]
fn a_queue_that_was_given_up_settles_nothing_more() {
    let mut pool = Pool::new(1 << 20);
    let mut queue = Queue::new(16, 1_000, &pool);
    queue.push(b"12345678", None, 0, &mut pool);
    queue.push(b"12345678", None, 0, &mut pool);
    let leased = queue.lease(1, 100, &mut pool);
    assert_eq!((queue.take().live_events(), queue.live_events()), (2, 0));
    assert_eq!(queue.settle(leased.slots[0].id, &mut pool), None);
    queue.give_back(leased.slots[0].id, true);
    assert_eq!((queue.live_events(), queue.waiting().events, queue.lowest_unsettled()), (0, 0, 2));
}

#[test]
fn whole_partitions_fill_a_batch_and_the_one_that_has_waited_longest_comes_first() {
    let mut pool = Pool::new(1 << 20);
    let mut queue = Queue::new(2_000, 1_000, &pool);
    let seqs = |leased: &Leased| leased.slots.iter().map(|slot| slot.seq).collect::<Vec<_>>();
    for round in 0..400_u64 {
        queue.push(b"12345678", Some(((1 + round % 4) << 32) | (round % 4)), 0, &mut pool);
    }
    let first = queue.lease(150, usize::MAX, &mut pool);
    let whole = (0..100).map(|round| 4 * round);
    let mut expected: Vec<_> = whole.chain((0..50).map(|round| 4 * round + 1)).collect();
    expected.sort_unstable();
    assert_eq!(seqs(&first), expected);
    assert_eq!(queue.ready().events, 200, "the rest of the second partition waits for the first request");
    let second = queue.lease(1_000, usize::MAX, &mut pool);
    assert_eq!((second.slots.len(), queue.ready().events), (200, 0));
    for slot in &first.slots {
        queue.settle(slot.id, &mut pool);
    }
    assert_eq!(seqs(&queue.lease(1_000, usize::MAX, &mut pool))[..2], [201, 205]);
}

#[test]
fn an_event_that_holds_its_actor_up_holds_no_other_of_its_partition() {
    let [held, beside, ..] = HASHES;
    let mut model = Model::new();
    model.push(8, Some(held));
    model.push(8, Some(beside));
    let leased = model.queue.lease(10, 1_000, &mut model.pool);
    let aside = model.queue.set_aside(leased.slots[0].id, &mut model.pool);
    model.settle(&leased.slots[1]);
    (0..3).for_each(|_| [held, beside].into_iter().for_each(|hash| model.push(8, Some(hash))));
    let seqs = |leased: &Leased| leased.slots.iter().map(|slot| slot.seq).collect::<Vec<_>>();
    let next = model.queue.lease(10, 1_000, &mut model.pool);
    assert_eq!(seqs(&next), [3, 5, 7]);
    assert_eq!((model.queue.ready().events, model.queue.waiting().events), (0, 3));
    let again = model.queue.lease_retained(&[aside]);
    model.settle(&again.slots[0]);
    assert_eq!(seqs(&model.queue.lease(10, 1_000, &mut model.pool)), [2, 4, 6]);
}

#[test]
fn a_chunk_that_is_freed_while_a_lease_is_filled_shifts_no_others_bytes() {
    let [held, beside, other_held, _] = HASHES;
    let other_beside = 0x5555_5555_0000_0002;
    let mut model = Model::new();
    model.push(8, Some(held));
    model.push(8, Some(other_held));
    let leased = model.queue.lease(10, 1_000, &mut model.pool);
    for slot in &leased.slots {
        model.queue.set_aside(slot.id, &mut model.pool);
    }
    // What is held stands first in both partitions, in chunks of its own.
    model.push(200_000, Some(held));
    model.push(200_000, Some(other_held));
    model.push(200_000, Some(beside));
    model.push(200_000, Some(other_beside));
    let next = model.queue.lease(10, 1_000_000, &mut model.pool);
    assert_eq!(next.slots.iter().map(|slot| slot.seq).collect::<Vec<_>>(), [4, 5]);
    model.check_lease(&next);
}

#[test]
fn one_partition_that_waits_long_pins_no_others_chunks() {
    let mut pool = Pool::new(32 << 20);
    let mut queue = Queue::new(100_000, 1_000, &pool);
    // The first actor's request takes long; all the others' events pass.
    queue.push(&event(0, 350), Some(1 << 32), 0, &mut pool);
    let held = queue.lease(1, 1_000, &mut pool);
    let mut most = 0;
    for round in 0..200_000_u64 {
        queue.push(&event(round, 350), Some(((2 + round) << 32) | (round % 256)), 0, &mut pool);
        if round % 1_000 == 999 {
            let Leased { slots, chunks, .. } = queue.lease(10_000, 1 << 20, &mut pool);
            drop(chunks);
            for slot in &slots {
                assert!(queue.settle(slot.id, &mut pool).is_some());
            }
            while queue.compact(1_000, &mut pool) {}
            most = most.max(queue.held_bytes);
        }
    }
    let waits = queue.live_bytes;
    assert!((250_000..300_000).contains(&waits), "a 256th waits behind the first event: {waits}");
    assert!(most <= 2 * waits + 10 * pool.chunk_bytes(), "held {most} for {waits}");
    assert!(queue.index_len() < 2_000, "{} entries", queue.index_len());
    assert_eq!(bytes_of(&held, &held.slots[0]), event(0, 350), "what is on its way is where it was");
}

#[test]
fn a_large_batch_of_what_waits_is_in_the_order_of_capture() {
    let mut pool = Pool::new(1 << 20);
    let mut queue = Queue::new(4_096, 64, &pool);
    for seq in 0..1_000_u64 {
        let actor = (seq % 300).wrapping_mul(0x9e37_79b9_7f4a_7c15);
        queue.push(&event(seq, 100), Some(actor), 0, &mut pool);
    }
    let leased = queue.lease(1_000, usize::MAX, &mut pool);
    let seqs: Vec<_> = leased.slots.iter().map(|slot| slot.seq).collect();
    assert_eq!(seqs, (0..1_000).collect::<Vec<_>>());
    for slot in &leased.slots {
        assert_eq!(bytes_of(&leased, slot), event(slot.seq, 100));
    }
}
