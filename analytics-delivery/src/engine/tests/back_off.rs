//! When a route is left alone, and when it is not.

use super::*;

#[test]
fn a_failing_route_does_not_stop_another() {
    let mut engine = engine(small());
    for route in [ROUTES[0], ROUTES[1]] {
        for _ in 0..3 {
            engine.let_in(route, b"{}", PLAIN).unwrap();
        }
    }
    let (first, second) =
        (dispatch(&mut engine, Duration::ZERO).unwrap(), dispatch(&mut engine, Duration::ZERO).unwrap());
    let transition = finish_attempt(&mut engine, first, Outcome::Retry { after: None }, Duration::ZERO);
    assert!(matches!(transition, Some(OutageTransition::Failing { pending: 6, .. })), "{transition:?}");
    let transition = finish_attempt(&mut engine, second, Outcome::Delivered, Duration::ZERO);
    assert!(matches!(transition, Some(OutageTransition::Healed { .. })), "{transition:?}");
    assert_eq!(engine.ledger().delivered(), 3);
    assert!(matches!(engine.step(Duration::ZERO), EngineStep::Then(Then::Wait | Then::WaitUntil(_))));
    let retried = dispatch(&mut engine, Duration::from_secs(1)).unwrap();
    assert_eq!(retried.leased.slots.iter().map(|slot| slot.attempts).collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn a_success_that_was_sent_before_a_failure_does_not_cut_a_retry_after() {
    let mut engine = engine(small());
    (0..16).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let (first, second) =
        (dispatch(&mut engine, Duration::ZERO).unwrap(), dispatch(&mut engine, Duration::from_millis(60)).unwrap());
    let now = Duration::from_millis(100);
    finish_attempt(&mut engine, first, Outcome::Retry { after: Some(Duration::from_secs(60)) }, now);
    finish_attempt(&mut engine, second, Outcome::Delivered, now);
    assert!(dispatch(&mut engine, now).is_none());
}

#[test]
fn after_a_failure_one_probe_is_sent_and_after_its_success_the_full_width() {
    let mut engine = engine(small());
    (0..30).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
    finish_attempt(&mut engine, sent, Outcome::Retry { after: None }, Duration::ZERO);
    let now = Duration::from_secs(1);
    let probe = dispatch(&mut engine, now).unwrap();
    assert!(matches!(engine.step(now), EngineStep::Then(Then::Wait)), "one probe");
    finish_attempt(&mut engine, probe, Outcome::Delivered, now);
    let (one, two) = (dispatch(&mut engine, now), dispatch(&mut engine, now));
    assert!(one.is_some() && two.is_some() && dispatch(&mut engine, now).is_none(), "two in flight, as configured");
}

#[test]
fn where_every_event_is_to_be_sent_again_the_server_fails() {
    let mut engine = engine(small());
    (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
    let verdicts = vec![Verdict::Retry; 3];
    let transition = finish_attempt(&mut engine, sent, Outcome::PerEvent { verdicts, after: None }, Duration::ZERO);
    assert!(matches!(transition, Some(OutageTransition::Failing { reason: None, pending: 3, .. })), "{transition:?}");
    assert!(dispatch(&mut engine, Duration::from_millis(499)).is_none());
}

#[test]
fn a_transport_that_panics_is_a_failing_server() {
    let mut engine = engine(small());
    engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap();
    engine.tick();
    let Dispatch { attempt, leased, .. } = dispatch(&mut engine, Duration::ZERO).unwrap();
    let transition = engine.panicked(&attempt, &leased.slots, Vec::new(), Duration::ZERO, 0.0);
    engine.attempt_finished(attempt.route_id);
    assert!(matches!(transition, Some(OutageTransition::Failing { pending: 1, reason: None, .. })), "{transition:?}");
    assert!(dispatch(&mut engine, Duration::from_millis(499)).is_none());
    assert!(dispatch(&mut engine, Duration::from_millis(500)).is_some());
}
