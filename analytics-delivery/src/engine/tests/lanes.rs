//! A lane that is full, or fails, takes nothing from another.

use super::*;
use crate::engine::LaneState;

const PRODUCT: Route = ROUTES[0];
const PAST: Route = ROUTES[1];
const AI: Route = ROUTES[2];

/// Fills a lane until it takes no more.
fn fill(engine: &mut Engine, route: Route) -> usize {
    (0..1_000).take_while(|_| engine.let_in(route, &[b'x'; 1_000], PLAIN).is_ok_and(|in_| in_.displaced == 0)).count()
}

#[test]
fn a_lane_takes_memory_once_it_has_an_event() {
    let mut engine = engine(small());
    assert_eq!(engine.lanes.iter().map(|state| state.lane).collect::<Vec<_>>(), [Lane::Product]);
    assert!(engine.has_room_or_is_closed(Lane::Ai));
    engine.let_in(AI, b"{}", PLAIN).unwrap();
    assert_eq!(engine.lanes.iter().map(|state| state.lane).collect::<Vec<_>>(), [Lane::Product, Lane::Ai]);
}

#[test]
fn a_full_lane_refuses_and_displaces_nothing_of_another() {
    for overflow in [Overflow::DropNewest, Overflow::DropOldest] {
        let (mut engine, mut alone) = (engine(DeliveryConfig { overflow, ..small() }), super::engine(small()));
        fill(&mut engine, AI);
        assert_eq!(fill(&mut engine, PRODUCT), fill(&mut alone, PRODUCT));
        let of = |lane| engine.ledger().lane(lane);
        assert_eq!(of(Lane::Product).dropped_total(), u64::from(overflow == Overflow::DropOldest));
        assert_eq!(of(Lane::Ai).dropped_total(), u64::from(overflow == Overflow::DropOldest));
        // Routes of one lane share its room.
        assert_eq!(fill(&mut engine, PAST), 0);
    }
}

#[test]
fn an_event_that_fits_no_queue_of_its_lane_is_too_large() {
    let mut engine = engine(small());
    let event = vec![b'x'; 70_000];
    assert_eq!(engine.let_in(AI, &event, PLAIN).map(|_| ()), Err(DropReason::TooLarge));
    assert!(engine.let_in(PRODUCT, &event, PLAIN).is_ok());
}

#[test]
fn whoever_waits_for_room_in_a_lane_holds_up_nobody_in_another() {
    let mut engine = engine(small());
    fill(&mut engine, AI);
    assert!(engine.let_in(AI, &[b'x'; 1_000], WAITING).is_err());
    assert!(!engine.has_room_or_is_closed(Lane::Ai) && engine.has_room_or_is_closed(Lane::Product));
    fill(&mut engine, PRODUCT);
    assert!(!engine.has_room_or_is_closed(Lane::Product));
    let sent = std::iter::from_fn(|| dispatch(&mut engine, Duration::ZERO)).find(|sent| sent.route == PRODUCT);
    finish_attempt(&mut engine, sent.unwrap(), Outcome::Delivered, Duration::ZERO);
    assert!(!engine.has_room_or_is_closed(Lane::Ai) && engine.has_room_or_is_closed(Lane::Product));
}

#[test]
fn a_batch_is_as_large_as_its_lane_says() {
    let count = |number| std::num::NonZeroUsize::new(number).unwrap();
    let config = DeliveryConfig { batch_bytes: count(2_000), ai_batch_bytes: count(5_000), ..small() };
    let mut engine = engine(config);
    for route in [PRODUCT, AI] {
        (0..8).for_each(|_| assert!(engine.let_in(route, &[b'x'; 1_000], PLAIN).is_ok()));
    }
    let sent: Vec<_> = std::iter::from_fn(|| dispatch(&mut engine, Duration::ZERO)).collect();
    for (route, expected) in [(PRODUCT, 2), (AI, 5)] {
        let first = sent.iter().find(|sent| sent.route == route).unwrap();
        assert_eq!(first.leased.slots.len(), expected, "{route:?}");
    }
}

#[test]
fn a_lane_that_fails_is_told_of_by_its_name_and_no_other_waits_for_it() {
    let mut engine = engine(small());
    let lines = |engine: &mut Engine| {
        let lines = engine.take_effects().map(|effects| effects.lines).unwrap_or_default();
        let told = lines.into_iter().filter_map(|line| match line {
            LogLine::OutageTransition(lane, OutageTransition::Failing { pending, .. }) => Some((lane, pending)),
            _ => None,
        });
        told.collect::<Vec<_>>()
    };
    (0..3).for_each(|_| assert!(engine.let_in(AI, b"{}", PLAIN).is_ok()));
    let fails = dispatch(&mut engine, Duration::ZERO).unwrap();
    assert!(engine.finish_attempt(fails, &Answer::new(Outcome::Retry { after: None }), Duration::ZERO, 0.5).is_none());
    assert_eq!(lines(&mut engine), [(Lane::Ai, 3)]);
    assert!(engine.outage().since.is_some());
    (0..3).for_each(|_| assert!(engine.let_in(PRODUCT, b"{}", PLAIN).is_ok()));
    let works = dispatch(&mut engine, Duration::ZERO).unwrap();
    assert_eq!(works.route, PRODUCT);
    assert!(engine.finish_attempt(works, &Answer::new(Outcome::Delivered), Duration::ZERO, 0.5).is_none());
    assert!(engine.outage().since.is_some(), "what arrives in one lane does not heal another");
    let of = |lane| [engine.ledger().lane(lane).delivered(), engine.ledger().lane(lane).pending()];
    assert_eq!([of(Lane::Product), of(Lane::Ai)], [[3, 0], [0, 3]]);
    assert_eq!(engine.lanes.iter().map(|LaneState { live_bytes, .. }| *live_bytes).collect::<Vec<_>>(), [0, 6]);
}
