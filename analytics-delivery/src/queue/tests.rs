use proptest::prelude::*;

use super::*;

fn bytes_of(leased: &Leased, slot: &Slot) -> Vec<u8> {
    let from = slot.offset as usize;
    leased.chunks[slot.chunk as usize][from..from + slot.len as usize].to_vec()
}

/// An event whose bytes tell its sequence number.
fn event(seq: u64, len: usize) -> Vec<u8> {
    seq.to_le_bytes().into_iter().cycle().take(len.max(8)).collect()
}

#[derive(Clone, Debug)]
enum Step {
    Push(usize),
    Lease(usize, usize),
    GiveBack(usize),
    Retain(usize, bool),
    LeaseRetained(usize),
    Settle(usize),
    SettleWaiting,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => prop_oneof![20 => 8_usize..600, 1 => 200_000_usize..300_000].prop_map(Step::Push),
        2 => (1_usize..20, 100_usize..700_000).prop_map(|(events, bytes)| Step::Lease(events, bytes)),
        1 => (0_usize..8).prop_map(Step::GiveBack),
        2 => (0_usize..8, any::<bool>()).prop_map(|(which, aside)| Step::Retain(which, aside)),
        1 => (0_usize..4).prop_map(Step::LeaseRetained),
        2 => (0_usize..8).prop_map(Step::Settle),
        1 => Just(Step::SettleWaiting),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 128, ..ProptestConfig::default() })]

    /// The model is a map of the sequence numbers that are alive.
    #[test]
    fn an_event_is_in_exactly_one_place_and_its_bytes_never_change(steps in prop::collection::vec(step(), 1..120)) {
        let mut pool = Pool::new(1 << 20);
        let mut queue = Queue::new(16);
        let mut alive = std::collections::BTreeMap::new();
        let mut leases: Vec<Leased> = Vec::new();
        let mut retained: Vec<Vec<u64>> = Vec::new();
        for step in steps {
            match step {
                Step::Push(len) => {
                    alive.insert(queue.end(), len);
                    queue.push(&event(queue.end(), len), 0, &mut pool);
                }
                Step::Lease(events, bytes) => {
                    let waiting = queue.waiting().events;
                    let leased = queue.lease(events, bytes);
                    prop_assert_eq!(leased.slots.is_empty(), waiting == 0);
                    let total: usize = leased.slots.iter().map(|slot| slot.len as usize).sum();
                    prop_assert!(leased.slots.len() <= events && (total <= bytes || leased.slots.len() == 1));
                    leases.push(leased);
                }
                Step::GiveBack(which) if which < leases.len() => {
                    let leased = leases.swap_remove(which);
                    for slot in &leased.slots {
                        prop_assert_eq!(bytes_of(&leased, slot), event(slot.seq, alive[&slot.seq]));
                        queue.give_back(slot.seq, true, false);
                    }
                }
                Step::Retain(which, aside) if which < leases.len() => {
                    let seqs: Vec<_> = leases.swap_remove(which).slots.iter().map(|slot| slot.seq).collect();
                    for seq in &seqs {
                        if aside { queue.set_aside(*seq, &mut pool) } else { queue.retain(*seq) }
                    }
                    retained.push(seqs);
                }
                Step::LeaseRetained(which) if which < retained.len() => {
                    let seqs = retained.swap_remove(which);
                    let leased = queue.lease_retained(&seqs);
                    prop_assert_eq!(leased.slots.iter().map(|slot| slot.seq).collect::<Vec<_>>(), seqs);
                    leases.push(leased);
                }
                Step::Settle(which) if which < leases.len() => {
                    let leased = leases.swap_remove(which);
                    for slot in &leased.slots {
                        prop_assert_eq!(bytes_of(&leased, slot), event(slot.seq, alive[&slot.seq]));
                    }
                    let Leased { slots, chunks, .. } = leased;
                    drop(chunks);
                    for slot in slots {
                        prop_assert_eq!(queue.settle(slot.seq, &mut pool).map(|entry| entry.len), Some(slot.len));
                        prop_assert_eq!(queue.settle(slot.seq, &mut pool), None, "settled twice");
                        alive.remove(&slot.seq);
                    }
                }
                Step::SettleWaiting => {
                    if let Some((seq, _)) = queue.first_waiting() {
                        prop_assert!(queue.settle(seq, &mut pool).is_some());
                        alive.remove(&seq);
                    }
                }
                Step::GiveBack(_) | Step::Retain(..) | Step::LeaseRetained(_) | Step::Settle(_) => {}
            }
            let out: usize = leases.iter().map(|leased| leased.slots.len()).sum();
            prop_assert_eq!(queue.live_events(), alive.len());
            prop_assert_eq!(queue.waiting().events + queue.retained().events + out, alive.len());
            prop_assert_eq!(queue.lowest_unsettled(), alive.keys().next().copied().unwrap_or(queue.end()));
        }
    }
}

#[test]
fn chunks_are_used_again_once_their_events_are_settled() {
    let mut pool = Pool::new(1 << 20);
    let spare = pool.spare();
    let mut queue = Queue::new(16);
    for _ in 0..100 {
        for seq in 0..50 {
            queue.push(&event(seq, 20_000), 0, &mut pool);
        }
        let Leased { slots, chunks, .. } = queue.lease(50, usize::MAX);
        drop(chunks);
        for slot in slots {
            assert!(queue.settle(slot.seq, &mut pool).is_some());
        }
        assert_eq!(pool.spare(), spare, "all chunks are back");
    }
}

#[test]
fn a_queue_that_was_given_up_settles_nothing_more() {
    let mut pool = Pool::new(1 << 20);
    let mut queue = Queue::new(16);
    queue.push(b"12345678", 0, &mut pool);
    queue.push(b"12345678", 0, &mut pool);
    let leased = queue.lease(1, 100);
    assert_eq!((queue.take().live_events(), queue.live_events()), (2, 0));
    assert_eq!(queue.settle(leased.slots[0].seq, &mut pool), None);
    queue.give_back(leased.slots[0].seq, true, false);
    assert_eq!((queue.live_events(), queue.waiting().events, queue.lowest_unsettled()), (0, 0, 2));
}
