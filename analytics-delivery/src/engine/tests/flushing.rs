//! What a flush hurries.

use proptest::prelude::*;

use super::*;

#[test]
fn a_flush_that_is_over_does_not_switch_the_back_off_off() {
    let mut engine = engine(small());
    engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap();
    engine.expedite(Duration::from_secs(1));
    let now = (0..50).fold(Duration::ZERO, |now, _| fail(&mut engine, now));
    assert!(now > Duration::from_secs(60), "{now:?}");
}

#[test]
fn an_event_after_a_flush_is_in_no_hurry() {
    let mut engine = engine(small());
    engine.expedite(Duration::MAX);
    engine.tick();
    engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap();
    engine.expedite(Duration::MAX);
    assert_eq!(dispatch(&mut engine, Duration::ZERO).unwrap().leased.slots.len(), 1);
    engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap();
    assert!(dispatch(&mut engine, Duration::from_secs(1)).is_none());
}

proptest! {
    /// With a server that answers, a flush ends with everything delivered, whatever happened before.
    #[test]
    fn a_flush_delivers_all_that_was_captured_before(counts in prop::collection::vec((0..2_usize, 1..20_usize), 1..6), failures in 0..6_u32) {
        let mut engine = engine(small());
        let mut now = Duration::ZERO;
        let mut kept = 0;
        for (route, events) in counts {
            for _ in 0..events {
                kept += u64::from(engine.let_in(ROUTES[route], b"{}", CRITICAL).is_ok());
            }
        }
        let mark = engine.expedite(Duration::MAX);
        let mut failures_left = failures;
        for _ in 0..1_000 {
            match engine.step(now) {
                EngineStep::Send(dispatch) => {
                    let fails = failures_left > 0;
                    failures_left = failures_left.saturating_sub(1);
                    let outcome = if fails { Outcome::Retry { after: None } } else { Outcome::Delivered };
                    finish_attempt(&mut engine, dispatch, outcome, now);
                }
                EngineStep::Then(Then::WaitUntil(then)) => now = then,
                EngineStep::Then(Then::Wait) => break,
                other @ EngineStep::Then(_) => unreachable!("{other:?}"),
            }
        }
        prop_assert!(engine.is_flushed(&mark));
        prop_assert_eq!(engine.ledger().delivered(), kept);
        prop_assert!(now <= Duration::from_millis(700), "a flush cuts our own back-off to its floor, {:?}", now);
    }
}
