//! Who comes in, and the room that there is.

use super::*;

#[test]
fn the_last_twentieth_of_the_room_is_for_critical_events() {
    let mut engine = engine(small());
    let admit =
        |engine: &mut Engine, critical| engine.let_in(ROUTES[0], b"{}", How { critical, waits: false }).map(|_| ());
    for _ in 0..38 {
        assert_eq!(admit(&mut engine, false), Ok(()));
    }
    assert_eq!(admit(&mut engine, false), Err(DropReason::QueueFull));
    assert!(!engine.has_room_or_is_closed());
    for _ in 0..2 {
        assert_eq!(admit(&mut engine, true), Ok(()));
    }
    assert_eq!(admit(&mut engine, true), Err(DropReason::QueueFull));
}

#[test]
fn room_is_there_until_the_queue_is_full_and_nobody_waits_for_it_once_the_sink_closes() {
    let mut engine = engine(small());
    assert!(engine.has_room_or_is_closed());
    while engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok() {}
    assert!(!engine.has_room_or_is_closed());
    engine.drain(Duration::MAX);
    assert!(engine.has_room_or_is_closed());
}

#[test]
fn what_did_not_come_in_is_counted_and_so_is_what_was_left_out() {
    let mut engine = engine(small());
    for reason in [DropReason::QueueFull, DropReason::QueueFull, DropReason::Panicked] {
        engine.count_dropped(reason);
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
fn the_index_is_bounded_while_one_request_takes_long() {
    let mut engine = engine(small());
    (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let hanging = flight(&mut engine, Duration::ZERO).unwrap();
    let mut now = Duration::ZERO;
    for _ in 0..2_000 {
        // In the end the index is full, and refuses them.
        let admitted = (0..8).filter(|_| engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()).count();
        assert!(admitted == 8 || engine.routes[0].queue.index_len() > 3_000);
        engine.tick();
        now += Duration::from_millis(50);
        if let Some(sent) = flight(&mut engine, now) {
            land(&mut engine, sent, Outcome::Delivered, now);
        }
    }
    let index = engine.routes[0].queue.index_len();
    assert!((3_000..=100_000 / ENTRY_BYTES).contains(&index), "{index}");
    land(&mut engine, hanging, Outcome::Delivered, now);
    assert_eq!(engine.routes[0].queue.index_len(), engine.live_events());
}

#[test]
fn whoever_waits_for_room_is_told_of_as_much_as_it_needs() {
    let mut engine = engine(small());
    while engine.let_in(ROUTES[0], &[b'x'; 5_000], PLAIN).is_ok() {}
    assert!(engine.has_room_or_is_closed(), "there is some room left");
    assert_eq!(engine.let_in(ROUTES[0], &[b'x'; 5_000], WAITING).map(|_| ()), Err(DropReason::QueueFull));
    assert!(!engine.has_room_or_is_closed(), "and not enough for who waits");
    let sent = flight(&mut engine, Duration::ZERO).unwrap();
    land(&mut engine, sent, Outcome::Delivered, Duration::ZERO);
    assert!(engine.has_room_or_is_closed());
    assert!(engine.let_in(ROUTES[0], b"small", PLAIN).is_ok());
    while engine.let_in(ROUTES[0], &[b'x'; 3_000], PLAIN).is_ok() {}
    assert!(!engine.has_room_or_is_closed(), "others do not take the place of who waits");
    let sent = flight(&mut engine, Duration::from_secs(1)).unwrap();
    land(&mut engine, sent, Outcome::Delivered, Duration::from_secs(1));
    assert!(engine.let_in(ROUTES[0], &[b'x'; 5_000], WAITING).is_ok());
    while engine.let_in(ROUTES[0], &[b'x'; 3_000], PLAIN).is_ok() {}
    assert!(engine.has_room_or_is_closed(), "nobody waits any more, and there is a little room");
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
