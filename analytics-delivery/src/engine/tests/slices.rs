//! How much is done under one lock.

use super::*;

fn large() -> DeliveryConfig {
    let count = |number| std::num::NonZeroUsize::new(number).unwrap();
    DeliveryConfig { queue_events: count(10_000), queue_bytes: count(1 << 20), ..small() }
}

fn filled(config: DeliveryConfig, events: usize) -> Engine {
    let mut engine = engine(config);
    (0..events).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    engine
}

/// How many of its events it loses in one look after another that says that there is more, and in the last one.
fn losses(engine: &mut Engine, now: Duration) -> Vec<u64> {
    let mut losses = Vec::new();
    loop {
        let before = engine.ledger().lost();
        let next = engine.next(now);
        losses.push(engine.ledger().lost() - before);
        if next.then != Then::LookAgain {
            return losses;
        }
    }
}

#[test]
fn a_purge_drops_a_thousand_at_once_and_neither_what_is_in_flight_nor_what_comes_later() {
    let mut engine = filled(large(), 2_508);
    assert_eq!(dispatch(&mut engine, Duration::ZERO).unwrap().leased.slots.len(), 8);
    let mut sweep = engine.sweep();
    (0..5).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let dropped: Vec<_> = std::iter::from_fn(|| engine.purge(&mut sweep, DropReason::Consent)).collect();
    assert!(dropped.iter().all(|events| *events <= SLICE as u64), "{dropped:?}");
    assert_eq!(dropped.iter().sum::<u64>(), 2_500);
    assert_eq!((engine.ledger().dropped(DropReason::Consent), engine.ledger().pending()), (2_500, 13));
}

#[test]
fn what_a_server_could_not_keep_is_purged_with_the_rest() {
    let mut engine = filled(large(), 8);
    let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
    let verdicts = vec![Verdict::Retry, Verdict::Delivered, Verdict::Retry];
    finish_attempt(&mut engine, sent, Outcome::PerEvent { verdicts, after: None }, Duration::ZERO);
    (0..3).for_each(|_| assert!(engine.let_in(ROUTES[1], b"{}", PLAIN).is_ok()));
    assert_eq!(purge(&mut engine, DropReason::Consent), 2 + 3);
    assert!(engine.ledger().is_settled());
}

#[test]
fn what_is_too_old_is_given_up_a_thousand_at_once() {
    let mut engine = filled(large(), 2_500);
    assert_eq!(losses(&mut engine, Duration::from_secs(7_200)), [1_000, 1_000, 500]);
}

#[test]
fn a_flush_at_a_server_that_does_not_know_the_key_is_told_a_thousand_at_once() {
    let mut engine = filled(large(), 8);
    let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
    finish_attempt(&mut engine, sent, Outcome::Refused(DropReason::Unauthorized), Duration::ZERO);
    (0..2_500).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let mark = engine.expedite(Duration::from_secs(10));
    assert_eq!(losses(&mut engine, Duration::from_secs(1)), [1_000, 1_000, 500]);
    assert!(engine.is_flushed(&mark));
}

#[test]
fn one_event_drops_no_more_than_sixty_four_others_and_none_if_they_are_too_few() {
    // 95,000 bytes are open to them; each takes 100 and its entry.
    const EACH: usize = 100 + ENTRY_BYTES;
    let small_ones = |engine: &mut Engine| {
        let mut events = 0;
        while engine.has_ordinary_room(100) {
            engine.let_in(ROUTES[0], &[b'x'; 100], PLAIN).unwrap();
            events += 1;
        }
        events
    };
    let many = std::num::NonZeroUsize::new(10_000).unwrap();
    for (len, expected) in [(64 * EACH - ENTRY_BYTES, Ok(64)), (65 * EACH, Err(DropReason::QueueFull))] {
        let mut engine = engine(DeliveryConfig { queue_events: many, overflow: Overflow::DropOldest, ..small() });
        let events = small_ones(&mut engine);
        // What is left over would take a little of what has to be dropped.
        let left = 95_000 - events * EACH;
        assert_eq!(engine.let_in(ROUTES[0], &vec![b'x'; len + left], PLAIN).map(|let_in| let_in.displaced), expected);
        assert_eq!(engine.ledger().dropped(DropReason::QueueFull), expected.unwrap_or(0));
    }
}
