//! What becomes of events after an attempt.

use super::*;

#[test]
fn an_old_event_expires_and_a_young_one_does_not() {
    let mut engine = engine(small());
    engine.let_in(ROUTES[0], b"old", PLAIN).unwrap();
    engine.step(Duration::from_secs(1_800));
    engine.let_in(ROUTES[0], b"young", PLAIN).unwrap();
    engine.step(Duration::from_secs(3_606));
    let ledger = engine.ledger();
    assert_eq!((ledger.dropped(DropReason::Expired), ledger.pending()), (1, 1));
}

#[test]
fn what_was_leased_in_three_panics_is_given_up_and_its_neighbours_are_not() {
    let mut engine = engine(small());
    for _ in 0..3 {
        engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap();
    }
    for _ in 0..2 {
        let Dispatch { attempt, leased, .. } = dispatch(&mut engine, Duration::ZERO).unwrap();
        engine.give_back(attempt.route_id, &leased.slots, true);
        engine.attempt_finished(attempt.route_id);
    }
    let Dispatch { attempt, leased, .. } = dispatch(&mut engine, Duration::ZERO).unwrap();
    engine.give_back(attempt.route_id, &leased.slots[..1], true);
    engine.give_back(attempt.route_id, &leased.slots[1..], false);
    engine.attempt_finished(attempt.route_id);
    let ledger = engine.ledger();
    let dropped = ledger.dropped(DropReason::Panicked);
    println!("figure: dropped after three panics {dropped}, neighbours lost {}", ledger.lost() - dropped);
    assert_eq!((dropped, ledger.lost(), ledger.pending()), (1, 1, 2));
}

#[test]
fn verdicts_settle_each_event_apart() {
    let mut engine = engine(small());
    for _ in 0..4 {
        engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap();
    }
    let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
    let verdicts = vec![Verdict::Delivered, Verdict::Dropped(DropReason::Refused), Verdict::Retry];
    finish_attempt(
        &mut engine,
        sent,
        Outcome::PerEvent { verdicts, after: Some(Duration::from_secs(1)) },
        Duration::ZERO,
    );
    let ledger = engine.ledger();
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Refused), ledger.pending()), (2, 1, 1));
}

#[test]
fn traffic_counts_the_events_of_requests_that_were_sent() {
    let mut engine = engine(small());
    (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], b"12345", PLAIN).is_ok()));
    let unsent = Answer::new(Outcome::Retry { after: None });
    let next = dispatch(&mut engine, Duration::ZERO).unwrap();
    answered(&mut engine, next, &unsent, Duration::ZERO, 0.5);
    assert_eq!(engine.ledger().traffic().event_bytes, 0);
    let sent = Answer::new(Outcome::Delivered).with_body_bytes(7);
    let next = dispatch(&mut engine, Duration::from_secs(1)).unwrap();
    answered(&mut engine, next, &sent, Duration::from_secs(1), 0.5);
    let traffic = engine.ledger().traffic();
    assert_eq!((traffic.requests, traffic.event_bytes, traffic.body_bytes), (2, 15, 7));
}

#[test]
fn splitting_without_a_culprit_has_a_budget_and_splitting_for_size_has_none() {
    let mut engine = engine(small());
    engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap();
    let splits = |engine: &mut Engine, events: usize, outcome: Outcome| {
        let answer = Answer::new(outcome);
        (0..1_000).take_while(|_| engine.splits(RouteId::FIRST, events, &answer, Duration::ZERO)).count()
    };
    assert_eq!(splits(&mut engine, 1, Outcome::Poisoned), 0);
    assert_eq!(splits(&mut engine, 1, Outcome::Split), 0);
    assert_eq!(splits(&mut engine, 2, Outcome::Split), 1_000);
    assert_eq!(splits(&mut engine, 2, Outcome::Delivered), 0);
    assert_eq!(splits(&mut engine, 2, Outcome::Poisoned), 64);
    engine.part_arrived(RouteId::FIRST);
    assert_eq!(splits(&mut engine, 2, Outcome::Poisoned), 2);
}

#[test]
fn the_log_tells_what_was_lost_and_promises_nothing_that_was_dropped() {
    for (outcome, reason) in [
        (Outcome::Refused(DropReason::Unauthorized), DropReason::Unauthorized),
        (Outcome::Poisoned, DropReason::Refused),
        (Outcome::Split, DropReason::TooLarge),
    ] {
        let mut engine = engine(small());
        (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
        let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
        match finish_attempt(&mut engine, sent, outcome, Duration::ZERO) {
            Some(OutageTransition::Failing { lost, reason: told, pending, .. }) => {
                assert_eq!((lost, told, pending), (3, Some(reason), 0));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn an_attempt_is_told_with_what_it_alone_came_to() {
    let mut engine = engine(small());
    for round in 0..2 {
        (0..4).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
        let now = Duration::from_secs(61 * round);
        let sent = dispatch(&mut engine, now).unwrap();
        let refused = Verdict::Dropped(DropReason::Refused);
        let verdicts = vec![Verdict::Delivered, refused, refused, Verdict::Delivered];
        let answer = Answer::new(Outcome::PerEvent { verdicts, after: None }).with_cause("as told");
        let settled = answered(&mut engine, sent, &answer, now, 0.5);
        assert_eq!((settled.delivered, settled.dropped, settled.is_failure), (2, 2, false));
        let remark = ServerWarning { kind: ServerWarningKind::Dropped, cause: "as told".to_owned(), count: 2 };
        assert_eq!(settled.remark, Some(remark));
    }
}
