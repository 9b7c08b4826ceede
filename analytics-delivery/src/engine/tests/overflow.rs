//! What a full queue drops.

use super::*;

#[test]
fn a_full_queue_may_drop_its_oldest_events_and_never_those_in_flight() {
    let mut engine = engine(DeliveryConfig { overflow: Overflow::DropOldest, ..small() });
    let event = |number: u8| [number; 10];
    (0..38).for_each(|number| assert!(engine.let_in(ROUTES[0], &event(number), PLAIN).is_ok()));
    let in_flight = dispatch(&mut engine, Duration::ZERO).unwrap();
    assert_eq!(in_flight.leased.slots.len(), 8);
    (38..48).for_each(|number| assert!(engine.let_in(ROUTES[usize::from(number) % 2], &event(number), PLAIN).is_ok()));
    assert_eq!(engine.ledger().dropped(DropReason::QueueFull), 10);
    // What is larger than half of the queue would empty it for nothing.
    assert_eq!(engine.let_in(ROUTES[0], &vec![0; 60_000], PLAIN).map(|_| ()), Err(DropReason::QueueFull));
    assert_eq!(engine.ledger().dropped(DropReason::QueueFull), 10);
    finish_attempt(&mut engine, in_flight, Outcome::Delivered, Duration::ZERO);
    let next = dispatch(&mut engine, Duration::ZERO).unwrap();
    let first = next.leased.slots[0];
    assert_eq!(next.leased.chunks[0][first.offset as usize], 18, "0 to 7 are delivered, 8 to 17 were dropped");
}

#[test]
fn drop_oldest_empties_no_queue_for_nothing_and_drops_nobody_for_one_that_waits() {
    let mut engine = engine(DeliveryConfig { overflow: Overflow::DropOldest, ..small() });
    (0..8).for_each(|_| assert!(engine.let_in(ROUTES[0], &vec![b'x'; 7_500], PLAIN).is_ok()));
    let in_flight = dispatch(&mut engine, Duration::ZERO);
    (0..20).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    assert_eq!(engine.let_in(ROUTES[0], &vec![b'x'; 40_000], PLAIN).map(|_| ()), Err(DropReason::QueueFull));
    (0..10).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    assert_eq!(engine.let_in(ROUTES[0], b"{}", WAITING).map(|_| ()), Err(DropReason::QueueFull));
    assert_eq!((engine.ledger().dropped(DropReason::QueueFull), in_flight.is_some()), (0, true));
    assert_eq!(engine.let_in(ROUTES[0], b"{}", PLAIN).map(|admitted| admitted.displaced), Ok(1));
}

#[test]
fn the_room_beside_what_is_in_flight_is_used_to_the_last_byte() {
    let count = |number| std::num::NonZeroUsize::new(number).unwrap();
    let config = || DeliveryConfig {
        queue_bytes: count(10_000),
        queue_events: count(1_000),
        overflow: Overflow::DropOldest,
        ..small()
    };
    // 6,000 bytes in flight and three events that wait: 9,500 - 6,000 - 5 entries are left for a newcomer.
    let most = 9_500 - 6_000 - 5 * ENTRY_BYTES;
    for (len, expected) in [(most, Ok(3)), (most + 1, Err(DropReason::QueueFull))] {
        let mut engine = engine(config());
        engine.let_in(ROUTES[0], &vec![b'x'; 6_000], PLAIN).unwrap();
        engine.tick();
        let in_flight = dispatch(&mut engine, Duration::ZERO);
        (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], &[b'x'; 1_000], PLAIN).is_ok()));
        assert_eq!(engine.let_in(ROUTES[0], &vec![b'x'; len], PLAIN).map(|admitted| admitted.displaced), expected);
        let dropped = engine.ledger().dropped(DropReason::QueueFull);
        assert_eq!((dropped, in_flight.is_some()), (expected.unwrap_or(0), true));
    }
    // Without anything in flight one event may take half of it.
    for (len, expected) in [(4_750, Ok(())), (4_751, Err(DropReason::QueueFull))] {
        let mut engine = engine(config());
        while engine.has_ordinary_room(1_000) {
            engine.let_in(ROUTES[0], &[b'x'; 1_000], PLAIN).unwrap();
        }
        assert_eq!(engine.let_in(ROUTES[0], &vec![b'x'; len], PLAIN).map(|_| ()), expected);
    }
}

#[test]
fn when_all_room_is_in_flight_nothing_is_dropped() {
    let mut engine = engine(DeliveryConfig {
        queue_events: std::num::NonZeroUsize::new(8).unwrap(),
        overflow: Overflow::DropOldest,
        ..small()
    });
    (0..8).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    assert_eq!(dispatch(&mut engine, Duration::ZERO).unwrap().leased.slots.len(), 8);
    assert_eq!(engine.let_in(ROUTES[0], b"{}", PLAIN).map(|_| ()), Err(DropReason::QueueFull));
}

#[test]
fn a_critical_event_that_waits_for_nearly_the_whole_queue_is_called_again() {
    let mut engine = engine(small());
    engine.let_in(ROUTES[0], &vec![b'x'; 50_000], PLAIN).unwrap();
    let how = How { waits: true, ..CRITICAL };
    let large = vec![b'x'; 97_000];
    assert_eq!(engine.let_in(ROUTES[0], &large, how).map(|_| ()), Err(DropReason::QueueFull));
    assert!(!engine.has_room_or_is_closed(Lane::Product));
    purge(&mut engine, DropReason::Consent);
    assert!(engine.has_room_or_is_closed(Lane::Product));
    assert!(engine.let_in(ROUTES[0], &large, how).is_ok());
}
