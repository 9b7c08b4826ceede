//! Who comes in, and the room that there is.

use super::*;

#[test]
fn the_last_twentieth_of_the_room_is_for_critical_events() {
    let mut engine = engine(small());
    let admit = |engine: &mut Engine, critical| engine.let_in(ROUTES[0], b"{}", How { critical, ..PLAIN }).map(|_| ());
    for _ in 0..38 {
        assert_eq!(admit(&mut engine, false), Ok(()));
    }
    assert_eq!(admit(&mut engine, false), Err(DropReason::QueueFull));
    assert!(!engine.has_room_or_is_closed(Lane::Product));
    for _ in 0..2 {
        assert_eq!(admit(&mut engine, true), Ok(()));
    }
    assert_eq!(admit(&mut engine, true), Err(DropReason::QueueFull));
}

#[test]
fn room_is_there_until_the_queue_is_full_and_nobody_waits_for_it_once_the_sink_closes() {
    let mut engine = engine(small());
    assert!(engine.has_room_or_is_closed(Lane::Product));
    while engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok() {}
    assert!(!engine.has_room_or_is_closed(Lane::Product));
    engine.drain(Duration::MAX);
    assert!(engine.has_room_or_is_closed(Lane::Product));
}

#[test]
fn what_did_not_come_in_is_counted_and_so_is_what_was_left_out() {
    let mut engine = engine(small());
    for reason in [DropReason::QueueFull, DropReason::QueueFull, DropReason::Panicked] {
        engine.count_dropped(Lane::Product, reason);
    }
    let ledger = engine.ledger();
    assert_eq!((ledger.dropped(DropReason::QueueFull), ledger.dropped(DropReason::Panicked)), (2, 1));
    for left_out in [2, 1] {
        let event = Admission { left_out, ..admission(b"{}", &|| None) };
        engine.admit(event).unwrap();
    }
    assert_eq!(engine.ledger().properties_dropped(), 3);
}

#[test]
fn bytes_are_bounded_with_the_index_included() {
    let mut engine = engine(small());
    let event = vec![b'x'; 10_000];
    let admitted = (0..40).filter(|_| engine.let_in(ROUTES[0], &event, PLAIN).is_ok()).count();
    assert_eq!(admitted, 95_000 / (10_000 + ENTRY_BYTES));
}

#[test]
fn one_request_that_takes_long_pins_no_entries_of_those_that_come_after_it() {
    let mut engine = engine(small());
    (0..3).for_each(|user| assert!(engine.let_in(ROUTES[0], b"{}", by(&user.to_string())).is_ok()));
    let hanging = dispatch(&mut engine, Duration::ZERO).unwrap();
    let mut now = Duration::ZERO;
    for round in 0..2_000 {
        let users = (0..8).map(|user| (3 + (8 * round + user) % 1_000).to_string());
        let mut admitted = users.map(|user| engine.let_in(ROUTES[0], b"{}", by(&user)));
        assert!(admitted.all(|admitted| admitted.is_ok()), "round {round}: {}", engine.ledger());
        engine.tick();
        now += Duration::from_millis(50);
        if let Some(sent) = dispatch(&mut engine, now) {
            finish_attempt(&mut engine, sent, Outcome::Delivered, now);
        }
        assert_eq!(engine.routes[RouteId::FIRST].queue.index_len(), engine.live_events());
        purge_if_many(&mut engine);
    }
    finish_attempt(&mut engine, hanging, Outcome::Delivered, now);
    assert_eq!(engine.routes[RouteId::FIRST].queue.index_len(), engine.live_events());
}

/// The partitions of those that hang fill up, as they must.
fn purge_if_many(engine: &mut Engine) {
    if engine.live_events() > 20 {
        purge(engine, DropReason::Consent);
    }
}

#[test]
fn an_actor_fills_a_fourth_of_the_queue_and_no_other_loses_an_event_for_it() {
    for overflow in [Overflow::DropNewest, Overflow::DropOldest] {
        let mut engine = engine(DeliveryConfig { overflow, ..small() });
        let (mut kept, mut displaced) = (0, 0);
        for _ in 0..100 {
            if let Ok(admitted) = engine.let_in(ROUTES[0], b"{hot}", by("hot")) {
                kept += 1;
                displaced += admitted.displaced;
            }
        }
        assert_eq!((kept - displaced, displaced > 0), (10, overflow == Overflow::DropOldest));
        for user in 0..28 {
            let admitted = engine.let_in(ROUTES[0], b"{}", by(&format!("u{user}")));
            assert_eq!(admitted.map(|admitted| admitted.displaced), Ok(0), "user {user}");
        }
        let expected = if overflow == Overflow::DropOldest { 90 } else { 0 };
        assert_eq!(engine.ledger().dropped(DropReason::QueueFull), expected, "whoever is refused counts itself");
        // What needs no order, or is not to have any, has no such limit.
        let mut engine = super::engine(DeliveryConfig { overflow, ..small() });
        assert!((0..38).all(|_| engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
        let mut engine = super::engine(DeliveryConfig { overflow, order: crate::order::Order::None, ..small() });
        assert!((0..38).all(|_| engine.let_in(ROUTES[0], b"{}", by("hot")).is_ok()));
    }
}

#[test]
fn an_actor_with_nothing_in_the_queue_may_have_a_large_event_and_with_something_a_fourth_of_the_bytes() {
    let batch_bytes = std::num::NonZeroUsize::new(10_000).unwrap();
    let mut engine = engine(DeliveryConfig { batch_bytes, ..small() });
    assert!(engine.let_in(ROUTES[0], &vec![b'x'; 60_000], by("a")).is_ok());
    assert!(engine.let_in(ROUTES[0], b"{}", by("a")).is_err());
    assert!(engine.let_in(ROUTES[0], &vec![b'x'; 20_000], by("b")).is_ok());
    assert!(engine.let_in(ROUTES[0], &vec![b'x'; 5_000], by("b")).is_err());
    assert!(engine.let_in(ROUTES[0], &vec![b'x'; 4_900], by("b")).is_ok());
    // What one request carries may always be there.
    let batch_bytes = std::num::NonZeroUsize::new(50_000).unwrap();
    let mut engine = super::engine(DeliveryConfig { batch_bytes, ..small() });
    assert!((0..4).all(|_| engine.let_in(ROUTES[0], &vec![b'x'; 12_000], by("a")).is_ok()));
    assert!(engine.let_in(ROUTES[0], &vec![b'x'; 12_000], by("a")).is_err());
}

#[test]
fn whoever_waits_for_its_actors_share_is_told_when_there_is_some() {
    let mut engine = engine(small());
    let waiting = How { waits: true, ..by("hot") };
    while engine.let_in(ROUTES[0], b"{}", waiting).is_ok() {}
    assert_eq!((engine.live_events(), engine.has_room_or_is_closed(Lane::Product)), (10, false));
    let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
    finish_attempt(&mut engine, sent, Outcome::Delivered, Duration::ZERO);
    assert!(engine.has_room_or_is_closed(Lane::Product));
    assert!(engine.let_in(ROUTES[0], b"{}", waiting).is_ok());
}

#[test]
fn whoever_waits_for_room_is_told_of_as_much_as_it_needs() {
    let mut engine = engine(small());
    while engine.let_in(ROUTES[0], &[b'x'; 5_000], PLAIN).is_ok() {}
    assert!(engine.has_room_or_is_closed(Lane::Product), "there is some room left");
    assert_eq!(engine.let_in(ROUTES[0], &[b'x'; 5_000], WAITING).map(|_| ()), Err(DropReason::QueueFull));
    assert!(!engine.has_room_or_is_closed(Lane::Product), "and not enough for who waits");
    let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
    finish_attempt(&mut engine, sent, Outcome::Delivered, Duration::ZERO);
    assert!(engine.has_room_or_is_closed(Lane::Product));
    assert!(engine.let_in(ROUTES[0], b"small", PLAIN).is_ok());
    while engine.let_in(ROUTES[0], &[b'x'; 3_000], PLAIN).is_ok() {}
    assert!(!engine.has_room_or_is_closed(Lane::Product), "others do not take the place of who waits");
    let sent = dispatch(&mut engine, Duration::from_secs(1)).unwrap();
    finish_attempt(&mut engine, sent, Outcome::Delivered, Duration::from_secs(1));
    assert!(engine.let_in(ROUTES[0], &[b'x'; 5_000], WAITING).is_ok());
    while engine.let_in(ROUTES[0], &[b'x'; 3_000], PLAIN).is_ok() {}
    assert!(engine.has_room_or_is_closed(Lane::Product), "nobody waits any more, and there is a little room");
}

#[test]
fn what_will_never_fit_is_too_large_and_waits_for_nothing() {
    let mut engine = engine(small());
    for how in [PLAIN, CRITICAL, WAITING] {
        assert_eq!(engine.let_in(ROUTES[0], &vec![0; 100_000], how).map(|_| ()), Err(DropReason::TooLarge));
    }
    assert!(engine.let_in(ROUTES[0], &vec![0; 95_000 - ENTRY_BYTES + 1], PLAIN).is_err());
    assert!(engine.let_in(ROUTES[0], &vec![0; 100_000 - ENTRY_BYTES + 1], CRITICAL).is_err());
    assert!(engine.let_in(ROUTES[0], &vec![0; 100_000 - ENTRY_BYTES], CRITICAL).is_ok());
}
