//! When an event wakes the worker.

use super::*;

#[test]
fn the_worker_is_woken_once_in_a_batch_and_not_again_before_it_looked() {
    let mut engine = engine(small());
    let wakes = |engine: &mut Engine, events: usize| {
        (0..events).filter(|_| engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap().wake).count()
    };
    assert_eq!(wakes(&mut engine, 2), 0, "too few");
    assert_eq!(wakes(&mut engine, 5), 1);
    assert!(dispatch(&mut engine, Duration::ZERO).is_some());
    assert!(matches!(engine.step(Duration::ZERO), EngineStep::Then(Then::Wait)));
    assert_eq!(wakes(&mut engine, 3), 1, "to wait for company beside the request in flight");
    assert!(matches!(engine.step(Duration::ZERO), EngineStep::Then(Then::WaitUntil(_))));
    assert_eq!(wakes(&mut engine, 1), 1, "half a batch is company enough");
    assert_eq!(wakes(&mut engine, 3), 0);
}

#[test]
fn after_a_failure_new_events_wake_the_worker_or_it_has_a_timer() {
    let verdicts = vec![Verdict::Delivered, Verdict::Delivered, Verdict::Retry];
    for (max_retries, outcome) in
        [(Some(0), Outcome::Retry { after: None }), (None, Outcome::PerEvent { verdicts, after: None })]
    {
        let mut engine = engine(DeliveryConfig { max_retries, ..small() });
        (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
        let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
        finish_attempt(&mut engine, sent, outcome, Duration::ZERO);
        let step = engine.step(Duration::ZERO);
        let wakes =
            (0..30).filter(|_| engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok_and(|admitted| admitted.wake)).count();
        assert!(wakes == 1 || matches!(step, EngineStep::Then(Then::WaitUntil(_))), "{step:?}, {wakes} wakes");
    }
}

#[test]
fn a_request_in_flight_does_not_make_every_event_wake_the_worker() {
    let mut engine = engine(DeliveryConfig { flush_at: std::num::NonZeroUsize::new(8).unwrap(), ..small() });
    (0..8).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let in_flight = dispatch(&mut engine, Duration::ZERO);
    assert!(in_flight.is_some() && matches!(engine.step(Duration::ZERO), EngineStep::Then(Then::Wait)));
    for _ in 0..7 {
        assert!(!engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap().wake);
    }
    assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap().wake);
}
