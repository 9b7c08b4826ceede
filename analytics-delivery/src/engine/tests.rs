use proptest::prelude::*;

use super::settling::Settled;
use super::*;
use crate::queue::{ENTRY_BYTES, Slot};
use crate::{Answer, Outcome, Overflow, Verdict};

const PLAIN: Admission = Admission { critical: false, waits: false };
const CRITICAL: Admission = Admission { critical: true, waits: false };
const WAITING: Admission = Admission { critical: false, waits: true };
const ROUTES: [Route; 2] = [Route::new(analytics_core::Lane::Product), Route::new(analytics_core::Lane::Ai)];

fn engine(config: DeliveryConfig) -> Engine {
    Engine::new(config)
}

fn small() -> DeliveryConfig {
    let count = |number| std::num::NonZeroUsize::new(number).unwrap();
    DeliveryConfig {
        queue_events: count(40),
        queue_bytes: count(100_000),
        batch_events: count(8),
        flush_at: count(3),
        in_flight: count(2),
        ..DeliveryConfig::default()
    }
}

fn flight(engine: &mut Engine, now: Duration) -> Option<Flight> {
    match engine.next(now) {
        EngineStep::Send(flight) => Some(flight),
        _ => None,
    }
}

fn settle(engine: &mut Engine, flight: Flight, answer: &Answer, now: Duration) -> Settled {
    let Flight { attempt, leased: Leased { slots, chunks, .. }, .. } = flight;
    drop(chunks);
    engine.begin_attempt(now);
    let settled = engine.settle(&attempt, &slots, answer, now, 0.5);
    engine.landed(attempt.route_index);
    settled
}

fn land(engine: &mut Engine, flight: Flight, outcome: Outcome, now: Duration) -> Option<Edge> {
    settle(engine, flight, &Answer::new(outcome), now).edge
}

/// The worker goes with a batch in its hands: it panics, or is called off.
fn crash(engine: &mut Engine, flight: &Flight, panicked: bool) {
    if panicked {
        engine.give_back(flight.attempt.route_index, &flight.leased.slots, true);
    } else {
        engine.interrupted(&flight.attempt, &flight.leased.slots);
    }
    engine.landed(flight.attempt.route_index);
}

#[test]
fn the_last_twentieth_of_the_room_is_for_critical_events() {
    let mut engine = engine(small());
    let admit = |engine: &mut Engine, critical| {
        engine.admit(ROUTES[0], b"{}", Admission { critical, waits: false }).map(|_| ())
    };
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
    while engine.admit(ROUTES[0], b"{}", PLAIN).is_ok() {}
    assert!(!engine.has_room_or_is_closed());
    engine.drain(Duration::MAX);
    assert!(engine.has_room_or_is_closed());
}

#[test]
fn the_first_loss_of_a_kind_is_told_from_the_others() {
    let mut engine = engine(small());
    let reasons = [DropReason::QueueFull, DropReason::QueueFull, DropReason::Panicked];
    assert_eq!(reasons.map(|reason| engine.count_dropped(reason)), [true, false, true]);
    assert_eq!([2, 1].map(|properties| engine.count_properties_dropped(properties)), [true, false]);
    assert_eq!(engine.ledger().properties_dropped(), 3);
}

#[test]
fn bytes_are_bounded_with_the_index_included() {
    let mut engine = engine(small());
    let event = vec![b'x'; 10_000];
    let admitted = (0..40).filter(|_| engine.admit(ROUTES[0], &event, PLAIN).is_ok()).count();
    assert_eq!(admitted, 95_000 / (10_000 + ENTRY_BYTES));
}

#[test]
fn the_worker_is_woken_once_in_a_batch_and_not_again_before_it_looked() {
    let mut engine = engine(small());
    let wakes = |engine: &mut Engine, events: usize| {
        (0..events).filter(|_| engine.admit(ROUTES[0], b"{}", PLAIN).unwrap().wake).count()
    };
    assert_eq!(wakes(&mut engine, 2), 0, "too few");
    assert_eq!(wakes(&mut engine, 5), 1);
    assert!(flight(&mut engine, Duration::ZERO).is_some());
    assert!(matches!(engine.next(Duration::ZERO), EngineStep::Wait));
    assert_eq!(wakes(&mut engine, 3), 1, "to wait for company beside the request in flight");
    assert!(matches!(engine.next(Duration::ZERO), EngineStep::WaitUntil(_)));
    assert_eq!(wakes(&mut engine, 1), 1, "half a batch is company enough");
    assert_eq!(wakes(&mut engine, 3), 0);
}

#[test]
fn an_old_event_expires_and_a_young_one_does_not() {
    let mut engine = engine(small());
    engine.admit(ROUTES[0], b"old", PLAIN).unwrap();
    engine.next(Duration::from_secs(1_800));
    engine.admit(ROUTES[0], b"young", PLAIN).unwrap();
    engine.next(Duration::from_secs(3_606));
    let ledger = engine.ledger();
    assert_eq!((ledger.dropped(DropReason::Expired), ledger.pending()), (1, 1));
}

#[test]
fn a_failing_route_does_not_stop_another() {
    let mut engine = engine(small());
    for route in ROUTES {
        for _ in 0..3 {
            engine.admit(route, b"{}", PLAIN).unwrap();
        }
    }
    let (first, second) = (flight(&mut engine, Duration::ZERO).unwrap(), flight(&mut engine, Duration::ZERO).unwrap());
    let edge = land(&mut engine, first, Outcome::Retry { after: None }, Duration::ZERO);
    assert!(matches!(edge, Some(Edge::Failing { pending: 6, .. })), "{edge:?}");
    let edge = land(&mut engine, second, Outcome::Delivered, Duration::ZERO);
    assert!(matches!(edge, Some(Edge::Healed { .. })), "{edge:?}");
    assert_eq!(engine.ledger().delivered(), 3);
    assert!(matches!(engine.next(Duration::ZERO), EngineStep::Wait | EngineStep::WaitUntil(_)));
    let retried = flight(&mut engine, Duration::from_secs(1)).unwrap();
    assert_eq!(retried.leased.slots.iter().map(|slot| slot.attempts).collect::<Vec<_>>(), [1, 1, 1]);
}

#[test]
fn what_was_leased_in_three_panics_is_given_up_and_its_neighbours_are_not() {
    let mut engine = engine(small());
    for _ in 0..3 {
        engine.admit(ROUTES[0], b"{}", PLAIN).unwrap();
    }
    for _ in 0..2 {
        let Flight { attempt, leased, .. } = flight(&mut engine, Duration::ZERO).unwrap();
        engine.give_back(attempt.route_index, &leased.slots, true);
        engine.landed(attempt.route_index);
    }
    let Flight { attempt, leased, .. } = flight(&mut engine, Duration::ZERO).unwrap();
    engine.give_back(attempt.route_index, &leased.slots[..1], true);
    engine.give_back(attempt.route_index, &leased.slots[1..], false);
    engine.landed(attempt.route_index);
    let ledger = engine.ledger();
    assert_eq!((ledger.dropped(DropReason::Panicked), ledger.pending()), (1, 2));
}

#[test]
fn verdicts_settle_each_event_apart() {
    let mut engine = engine(small());
    for _ in 0..4 {
        engine.admit(ROUTES[0], b"{}", PLAIN).unwrap();
    }
    let sent = flight(&mut engine, Duration::ZERO).unwrap();
    let verdicts = vec![Verdict::Delivered, Verdict::Dropped(DropReason::Refused), Verdict::Retry];
    land(&mut engine, sent, Outcome::PerEvent { verdicts, after: Some(Duration::from_secs(1)) }, Duration::ZERO);
    let ledger = engine.ledger();
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Refused), ledger.pending()), (2, 1, 1));
}

/// What each slot of a flight is: its sequence number.
fn seqs(flight: &Flight) -> Vec<u64> {
    flight.leased.slots.iter().map(|slot| slot.seq).collect()
}

#[test]
fn a_batch_that_failed_is_sent_again_as_it_was_and_newer_events_are_another() {
    let mut engine = engine(small());
    (0..3).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let first = flight(&mut engine, Duration::ZERO).unwrap();
    let (identity, sent) = (first.attempt.batch, seqs(&first));
    land(&mut engine, first, Outcome::Retry { after: None }, Duration::ZERO);
    (0..5).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let now = Duration::from_secs(1);
    let second = flight(&mut engine, now).unwrap();
    assert_eq!((second.attempt.batch, seqs(&second)), (BatchIdentity { attempts: 1, ..identity }, sent));
    // Some of it is to be sent once more: the same batch, with less in it.
    let verdicts = vec![Verdict::Delivered, Verdict::Retry, Verdict::Dropped(DropReason::Refused)];
    land(&mut engine, second, Outcome::PerEvent { verdicts, after: None }, now);
    let now = Duration::from_secs(4);
    let third = flight(&mut engine, now).unwrap();
    assert_eq!(
        (third.attempt.batch, seqs(&third)),
        (BatchIdentity { attempts: 2, is_pruned: true, ..identity }, vec![1])
    );
    let beside = flight(&mut engine, now + Duration::from_millis(50)).unwrap();
    assert_eq!((beside.attempt.batch.attempts, seqs(&beside)), (0, vec![3, 4, 5, 6, 7]));
    assert!(beside.attempt.batch.number > identity.number);
    crash(&mut engine, &third, false);
    land(&mut engine, beside, Outcome::Delivered, now);
    let again = flight(&mut engine, now).unwrap();
    assert_eq!(
        (again.attempt.batch, seqs(&again)),
        (BatchIdentity { attempts: 3, is_pruned: true, ..identity }, vec![1])
    );
}

#[test]
fn what_was_not_sent_goes_with_another_batch_and_was_no_attempt() {
    let mut engine = engine(DeliveryConfig { max_retries: Some(0), ..small() });
    (0..3).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let sent = flight(&mut engine, Duration::ZERO).unwrap();
    let number = sent.attempt.batch.number;
    let verdicts = vec![Verdict::Delivered, Verdict::Unsent, Verdict::Delivered];
    land(&mut engine, sent, Outcome::PerEvent { verdicts, after: None }, Duration::ZERO);
    engine.tick();
    let next = flight(&mut engine, Duration::ZERO).unwrap();
    assert_eq!((seqs(&next), next.leased.slots[0].attempts, next.attempt.batch.attempts), (vec![1], 0, 0));
    assert_ne!(next.attempt.batch.number, number);
}

#[test]
fn a_batch_that_waits_to_be_sent_again_can_be_dropped_for_newer_events_and_for_its_age() {
    let mut engine = engine(DeliveryConfig { overflow: Overflow::DropOldest, ..small() });
    (0..38).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let sent = flight(&mut engine, Duration::ZERO).unwrap();
    land(&mut engine, sent, Outcome::Retry { after: None }, Duration::ZERO);
    (0..3).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let again = flight(&mut engine, Duration::from_secs(1)).unwrap();
    assert_eq!(seqs(&again), [3, 4, 5, 6, 7], "the three oldest made room");
    crash(&mut engine, &again, false);
    assert!(flight(&mut engine, Duration::from_secs(4_000)).is_none());
    assert_eq!((engine.ledger().dropped(DropReason::Expired), engine.ledger().pending()), (38, 0));
}

#[test]
fn a_server_that_does_not_know_the_key_is_asked_once_a_minute_and_a_flush_does_not_wait_for_it() {
    let mut engine = engine(small());
    (0..20).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let unauthorized = || Outcome::Refused(DropReason::Unauthorized);
    let (mut now, mut asked) = (Duration::ZERO, Vec::new());
    while asked.len() < 2 {
        match engine.next(now) {
            EngineStep::Send(flight) => {
                asked.push(now.as_secs());
                land(&mut engine, flight, unauthorized(), now);
            }
            EngineStep::WaitUntil(then) => now = then,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(asked, [0, 60]);
    let ledger = engine.ledger();
    assert_eq!((ledger.dropped(DropReason::Unauthorized), ledger.pending()), (16, 4));
    let mark = engine.hurry(now + Duration::from_secs(10));
    assert!(matches!(engine.next(now), EngineStep::Wait), "nothing is left to wait for");
    assert!(engine.is_flushed(&mark));
    assert_eq!(engine.ledger().dropped(DropReason::Unauthorized), 20);
    // The key is known again: one probe, then all is as ever.
    (0..8).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    assert!(flight(&mut engine, now + Duration::from_secs(59)).is_none());
    now += Duration::from_secs(60);
    let probe = flight(&mut engine, now).unwrap();
    land(&mut engine, probe, Outcome::Delivered, now);
    assert_eq!((engine.ledger().delivered(), engine.ledger().pending()), (8, 0));
}

#[test]
fn what_a_link_is_too_slow_for_is_sent_again_in_halves() {
    let mut engine =
        engine(DeliveryConfig { flush_at: std::num::NonZeroUsize::new(1).unwrap(), ..DeliveryConfig::default() });
    (0..8).for_each(|_| assert!(engine.admit(ROUTES[0], &vec![b'x'; 60_000], PLAIN).is_ok()));
    let (mut now, mut sizes) = (Duration::ZERO, Vec::new());
    while engine.ledger().pending() > 0 {
        match engine.next(now) {
            EngineStep::Send(flight) => {
                let bytes: u32 = flight.leased.slots.iter().map(|slot| slot.len).sum();
                sizes.push(bytes / 60_000);
                let answer = if bytes > 130_000 {
                    Answer::new(Outcome::Retry { after: None }).timed_out()
                } else {
                    Answer::new(Outcome::Delivered)
                };
                settle(&mut engine, flight, &answer, now);
            }
            EngineStep::WaitUntil(then) => now = then,
            other => panic!("{other:?}"),
        }
    }
    assert_eq!(sizes, [8, 4, 4, 2, 2, 2, 2], "eight at once, halves, quarters");
    // Four arrived, so the next may be as large as ever.
    (0..16).for_each(|_| assert!(engine.admit(ROUTES[0], &vec![b'x'; 60_000], PLAIN).is_ok()));
    assert_eq!(flight(&mut engine, now).unwrap().leased.slots.len(), 16);
    assert_eq!(engine.ledger().delivered(), 8);
}

#[test]
fn purged_is_what_waits_and_not_what_is_in_flight() {
    let mut engine = engine(small());
    (0..20).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let (failed, out) =
        (flight(&mut engine, Duration::ZERO).unwrap(), flight(&mut engine, Duration::from_secs(1)).unwrap());
    land(&mut engine, failed, Outcome::Retry { after: None }, Duration::from_secs(1));
    assert_eq!(engine.purge(DropReason::Consent), 12);
    land(&mut engine, out, Outcome::Delivered, Duration::from_secs(1));
    let ledger = engine.ledger();
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Consent), ledger.pending()), (8, 12, 0));
}

#[test]
fn a_full_queue_may_drop_its_oldest_events_and_never_those_in_flight() {
    let mut engine = engine(DeliveryConfig { overflow: Overflow::DropOldest, ..small() });
    let event = |number: u8| [number; 10];
    (0..38).for_each(|number| assert!(engine.admit(ROUTES[0], &event(number), PLAIN).is_ok()));
    let in_flight = flight(&mut engine, Duration::ZERO).unwrap();
    assert_eq!(in_flight.leased.slots.len(), 8);
    (38..48).for_each(|number| assert!(engine.admit(ROUTES[usize::from(number) % 2], &event(number), PLAIN).is_ok()));
    assert_eq!(engine.ledger().dropped(DropReason::QueueFull), 10);
    // What is larger than half of the queue would empty it for nothing.
    assert_eq!(engine.admit(ROUTES[0], &vec![0; 60_000], PLAIN).map(|_| ()), Err(DropReason::QueueFull));
    assert_eq!(engine.ledger().dropped(DropReason::QueueFull), 10);
    land(&mut engine, in_flight, Outcome::Delivered, Duration::ZERO);
    let next = flight(&mut engine, Duration::ZERO).unwrap();
    let first = next.leased.slots[0];
    assert_eq!(next.leased.chunks[0][first.offset as usize], 18, "0 to 7 are delivered, 8 to 17 were dropped");
}

/// Lets the engine run until its next attempt, which fails; returns when that was.
fn fail(engine: &mut Engine, mut now: Duration) -> Duration {
    loop {
        match engine.next(now) {
            EngineStep::Send(flight) => {
                land(engine, flight, Outcome::Retry { after: None }, now);
                return now;
            }
            EngineStep::WaitUntil(then) => now = then,
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn a_flush_that_is_over_does_not_switch_the_back_off_off() {
    let mut engine = engine(small());
    engine.admit(ROUTES[0], b"{}", PLAIN).unwrap();
    engine.hurry(Duration::from_secs(1));
    let now = (0..50).fold(Duration::ZERO, |now, _| fail(&mut engine, now));
    assert!(now > Duration::from_secs(60), "{now:?}");
}

#[test]
fn a_success_that_was_sent_before_a_failure_does_not_cut_a_retry_after() {
    let mut engine = engine(small());
    (0..16).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let (first, second) =
        (flight(&mut engine, Duration::ZERO).unwrap(), flight(&mut engine, Duration::from_millis(60)).unwrap());
    let now = Duration::from_millis(100);
    land(&mut engine, first, Outcome::Retry { after: Some(Duration::from_secs(60)) }, now);
    land(&mut engine, second, Outcome::Delivered, now);
    assert!(flight(&mut engine, now).is_none());
}

#[test]
fn after_a_failure_new_events_wake_the_worker_or_it_has_a_timer() {
    let verdicts = vec![Verdict::Delivered, Verdict::Delivered, Verdict::Retry];
    for (max_retries, outcome) in
        [(Some(0), Outcome::Retry { after: None }), (None, Outcome::PerEvent { verdicts, after: None })]
    {
        let mut engine = engine(DeliveryConfig { max_retries, ..small() });
        (0..3).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
        let sent = flight(&mut engine, Duration::ZERO).unwrap();
        land(&mut engine, sent, outcome, Duration::ZERO);
        let step = engine.next(Duration::ZERO);
        let wakes =
            (0..30).filter(|_| engine.admit(ROUTES[0], b"{}", PLAIN).is_ok_and(|admitted| admitted.wake)).count();
        assert!(wakes == 1 || matches!(step, EngineStep::WaitUntil(_)), "{step:?}, {wakes} wakes");
    }
}

#[test]
fn after_a_failure_one_probe_is_sent_and_after_its_success_the_full_width() {
    let mut engine = engine(small());
    (0..30).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let sent = flight(&mut engine, Duration::ZERO).unwrap();
    land(&mut engine, sent, Outcome::Retry { after: None }, Duration::ZERO);
    let now = Duration::from_secs(1);
    let probe = flight(&mut engine, now).unwrap();
    assert!(matches!(engine.next(now), EngineStep::Wait), "one probe");
    land(&mut engine, probe, Outcome::Delivered, now);
    let (one, two) = (flight(&mut engine, now), flight(&mut engine, now));
    assert!(one.is_some() && two.is_some() && flight(&mut engine, now).is_none(), "two in flight, as configured");
}

#[test]
fn a_request_in_flight_does_not_make_every_event_wake_the_worker() {
    let mut engine = engine(DeliveryConfig { flush_at: std::num::NonZeroUsize::new(8).unwrap(), ..small() });
    (0..8).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let in_flight = flight(&mut engine, Duration::ZERO);
    assert!(in_flight.is_some() && matches!(engine.next(Duration::ZERO), EngineStep::Wait));
    for _ in 0..7 {
        assert!(!engine.admit(ROUTES[0], b"{}", PLAIN).unwrap().wake);
    }
    assert!(engine.admit(ROUTES[0], b"{}", PLAIN).unwrap().wake);
}

#[test]
fn the_index_is_bounded_while_one_request_takes_long() {
    let mut engine = engine(small());
    (0..3).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let hanging = flight(&mut engine, Duration::ZERO).unwrap();
    let mut now = Duration::ZERO;
    for _ in 0..2_000 {
        // In the end the index is full, and refuses them.
        let admitted = (0..8).filter(|_| engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()).count();
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
fn one_event_that_is_to_be_sent_again_holds_no_other_up() {
    let mut engine = engine(small());
    engine.admit(ROUTES[0], b"again", PLAIN).unwrap();
    let (mut now, mut again, mut delivered) = (Duration::ZERO, Vec::new(), 0);
    while again.len() < 5 {
        while engine.admit(ROUTES[0], b"{}", PLAIN).is_ok() {}
        match engine.next(now) {
            EngineStep::Send(sent) => {
                let verdict = |slot: &Slot| if slot.seq == 0 { Verdict::Retry } else { Verdict::Delivered };
                let verdicts: Vec<_> = sent.leased.slots.iter().map(verdict).collect();
                again.extend(verdicts.contains(&Verdict::Retry).then_some(now));
                delivered += verdicts.iter().filter(|verdict| **verdict == Verdict::Delivered).count();
                land(&mut engine, sent, Outcome::PerEvent { verdicts, after: Some(Duration::from_secs(7)) }, now);
                now += Duration::from_millis(10);
            }
            EngineStep::WaitUntil(then) => now = then,
            other => panic!("{other:?}"),
        }
    }
    let pauses = again.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
    assert!(pauses.clone().all(|pause| pause >= Duration::from_secs(7)), "{again:?}");
    assert!(now < Duration::from_secs(45), "{now:?}");
    assert!(delivered > 20_000, "a batch of eight every ten milliseconds: {delivered}");
    assert!(engine.routes[0].queue.index_len() < 50, "it pins no entries of those that were captured after it");
    assert_eq!(engine.outage().since, None);
}

#[test]
fn where_every_event_is_to_be_sent_again_the_server_fails() {
    let mut engine = engine(small());
    (0..3).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    let sent = flight(&mut engine, Duration::ZERO).unwrap();
    let verdicts = vec![Verdict::Retry; 3];
    let edge = land(&mut engine, sent, Outcome::PerEvent { verdicts, after: None }, Duration::ZERO);
    assert!(matches!(edge, Some(Edge::Failing { reason: None, pending: 3, .. })), "{edge:?}");
    assert!(flight(&mut engine, Duration::from_millis(499)).is_none());
}

#[test]
fn an_event_after_a_flush_is_in_no_hurry() {
    let mut engine = engine(small());
    engine.hurry(Duration::MAX);
    engine.tick();
    engine.admit(ROUTES[0], b"{}", PLAIN).unwrap();
    engine.hurry(Duration::MAX);
    assert_eq!(flight(&mut engine, Duration::ZERO).unwrap().leased.slots.len(), 1);
    engine.admit(ROUTES[0], b"{}", PLAIN).unwrap();
    assert!(flight(&mut engine, Duration::from_secs(1)).is_none());
}

#[test]
fn traffic_counts_the_events_of_requests_that_were_sent() {
    let mut engine = engine(small());
    (0..3).for_each(|_| assert!(engine.admit(ROUTES[0], b"12345", PLAIN).is_ok()));
    let unsent = Answer::new(Outcome::Retry { after: None });
    let next = flight(&mut engine, Duration::ZERO).unwrap();
    settle(&mut engine, next, &unsent, Duration::ZERO);
    assert_eq!(engine.ledger().traffic().event_bytes, 0);
    let sent = Answer::new(Outcome::Delivered).with_body_bytes(7);
    let next = flight(&mut engine, Duration::from_secs(1)).unwrap();
    settle(&mut engine, next, &sent, Duration::from_secs(1));
    let traffic = engine.ledger().traffic();
    assert_eq!((traffic.requests, traffic.event_bytes, traffic.body_bytes), (2, 15, 7));
}

#[test]
fn splitting_without_a_culprit_has_a_budget_and_splitting_for_size_has_none() {
    let mut engine = engine(small());
    engine.admit(ROUTES[0], b"{}", PLAIN).unwrap();
    let splits = |engine: &mut Engine, events: usize, outcome: Outcome| {
        (0..1_000).take_while(|_| engine.splits(0, events, &Answer::new(outcome.clone()), Duration::ZERO)).count()
    };
    assert_eq!(splits(&mut engine, 1, Outcome::Poisoned), 0);
    assert_eq!(splits(&mut engine, 1, Outcome::Split), 0);
    assert_eq!(splits(&mut engine, 2, Outcome::Split), 1_000);
    assert_eq!(splits(&mut engine, 2, Outcome::Delivered), 0);
    assert_eq!(splits(&mut engine, 2, Outcome::Poisoned), 64);
    engine.part_arrived(0);
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
        (0..3).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
        let sent = flight(&mut engine, Duration::ZERO).unwrap();
        match land(&mut engine, sent, outcome, Duration::ZERO) {
            Some(Edge::Failing { lost, reason: told, pending, .. }) => {
                assert_eq!((lost, told, pending), (3, Some(reason), 0));
            }
            other => panic!("{other:?}"),
        }
    }
}

#[test]
fn whoever_waits_for_room_is_told_of_as_much_as_it_needs() {
    let mut engine = engine(small());
    while engine.admit(ROUTES[0], &[b'x'; 5_000], PLAIN).is_ok() {}
    assert!(engine.has_room_or_is_closed(), "there is some room left");
    assert_eq!(engine.admit(ROUTES[0], &[b'x'; 5_000], WAITING).map(|_| ()), Err(DropReason::QueueFull));
    assert!(!engine.has_room_or_is_closed(), "and not enough for who waits");
    let sent = flight(&mut engine, Duration::ZERO).unwrap();
    land(&mut engine, sent, Outcome::Delivered, Duration::ZERO);
    assert!(engine.has_room_or_is_closed());
    assert!(engine.admit(ROUTES[0], b"small", PLAIN).is_ok());
    while engine.admit(ROUTES[0], &[b'x'; 3_000], PLAIN).is_ok() {}
    assert!(!engine.has_room_or_is_closed(), "others do not take the place of who waits");
    let sent = flight(&mut engine, Duration::from_secs(1)).unwrap();
    land(&mut engine, sent, Outcome::Delivered, Duration::from_secs(1));
    assert!(engine.admit(ROUTES[0], &[b'x'; 5_000], WAITING).is_ok());
    while engine.admit(ROUTES[0], &[b'x'; 3_000], PLAIN).is_ok() {}
    assert!(engine.has_room_or_is_closed(), "nobody waits any more, and there is a little room");
}

#[test]
fn what_will_never_fit_is_too_large_and_waits_for_nothing() {
    let mut engine = engine(small());
    for how in [PLAIN, CRITICAL, WAITING] {
        assert_eq!(engine.admit(ROUTES[0], &vec![0; 100_000], how).map(|_| ()), Err(DropReason::TooLarge));
    }
    assert!(engine.admit(ROUTES[0], &vec![0; 95_000 - ENTRY_BYTES + 1], PLAIN).is_err());
    assert!(engine.admit(ROUTES[0], &vec![0; 100_000 - ENTRY_BYTES + 1], CRITICAL).is_err());
    assert!(engine.admit(ROUTES[0], &vec![0; 100_000 - ENTRY_BYTES], CRITICAL).is_ok());
}

#[test]
fn drop_oldest_empties_no_queue_for_nothing_and_drops_nobody_for_one_that_waits() {
    let mut engine = engine(DeliveryConfig { overflow: Overflow::DropOldest, ..small() });
    (0..8).for_each(|_| assert!(engine.admit(ROUTES[0], &vec![b'x'; 7_500], PLAIN).is_ok()));
    let in_flight = flight(&mut engine, Duration::ZERO);
    (0..20).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    assert_eq!(engine.admit(ROUTES[0], &vec![b'x'; 40_000], PLAIN).map(|_| ()), Err(DropReason::QueueFull));
    (0..10).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    assert_eq!(engine.admit(ROUTES[0], b"{}", WAITING).map(|_| ()), Err(DropReason::QueueFull));
    assert_eq!((engine.ledger().dropped(DropReason::QueueFull), in_flight.is_some()), (0, true));
    assert_eq!(engine.admit(ROUTES[0], b"{}", PLAIN).map(|admitted| admitted.displaced), Ok(1));
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
        engine.admit(ROUTES[0], &vec![b'x'; 6_000], PLAIN).unwrap();
        engine.tick();
        let in_flight = flight(&mut engine, Duration::ZERO);
        (0..3).for_each(|_| assert!(engine.admit(ROUTES[0], &[b'x'; 1_000], PLAIN).is_ok()));
        assert_eq!(engine.admit(ROUTES[0], &vec![b'x'; len], PLAIN).map(|admitted| admitted.displaced), expected);
        let dropped = engine.ledger().dropped(DropReason::QueueFull);
        assert_eq!((dropped, in_flight.is_some()), (expected.unwrap_or(0), true));
    }
    // Without anything in flight one event may take half of it.
    for (len, expected) in [(4_750, Ok(())), (4_751, Err(DropReason::QueueFull))] {
        let mut engine = engine(config());
        while engine.has_room_for(1_000, false) {
            engine.admit(ROUTES[0], &[b'x'; 1_000], PLAIN).unwrap();
        }
        assert_eq!(engine.admit(ROUTES[0], &vec![b'x'; len], PLAIN).map(|_| ()), expected);
    }
}

#[test]
fn when_all_room_is_in_flight_nothing_is_dropped() {
    let mut engine = engine(DeliveryConfig {
        queue_events: std::num::NonZeroUsize::new(8).unwrap(),
        overflow: Overflow::DropOldest,
        ..small()
    });
    (0..8).for_each(|_| assert!(engine.admit(ROUTES[0], b"{}", PLAIN).is_ok()));
    assert_eq!(flight(&mut engine, Duration::ZERO).unwrap().leased.slots.len(), 8);
    assert_eq!(engine.admit(ROUTES[0], b"{}", PLAIN).map(|_| ()), Err(DropReason::QueueFull));
}

#[test]
fn a_transport_that_panics_is_a_failing_server() {
    let mut engine = engine(small());
    engine.admit(ROUTES[0], b"{}", PLAIN).unwrap();
    engine.tick();
    let Flight { attempt, leased, .. } = flight(&mut engine, Duration::ZERO).unwrap();
    let edge = engine.panicked(&attempt, &leased.slots, Duration::ZERO, 0.0);
    engine.landed(attempt.route_index);
    assert!(matches!(edge, Some(Edge::Failing { pending: 1, reason: None, .. })), "{edge:?}");
    assert!(flight(&mut engine, Duration::from_millis(499)).is_none());
    assert!(flight(&mut engine, Duration::from_millis(500)).is_some());
}

#[derive(Clone, Debug)]
enum Step {
    Admit { route: usize, len: usize, critical: bool, waits: bool },
    Advance(u64),
    Tick,
    Look,
    Answer(usize, u8),
    Crash(usize, bool),
    Flush,
    Drain(u64),
    Purge,
    Close,
}

fn step() -> impl Strategy<Value = Step> {
    prop_oneof![
        12 => (0..2_usize, 2..4_000_usize, any::<bool>(), any::<bool>())
            .prop_map(|(route, len, critical, waits)| Step::Admit { route, len, critical, waits }),
        4 => (0..5_000_u64).prop_map(Step::Advance),
        1 => (600_000..4_000_000_u64).prop_map(Step::Advance),
        3 => Just(Step::Tick),
        8 => Just(Step::Look),
        8 => (0..4_usize, any::<u8>()).prop_map(|(which, kind)| Step::Answer(which, kind)),
        2 => (0..4_usize, any::<bool>()).prop_map(|(which, panicked)| Step::Crash(which, panicked)),
        2 => Just(Step::Flush),
        1 => (0..20_000_u64).prop_map(Step::Drain),
        1 => Just(Step::Purge),
        1 => Just(Step::Close),
    ]
}

fn outcome(kind: u8, events: usize) -> Outcome {
    match kind % 8 {
        0 | 1 => Outcome::Delivered,
        7 => Outcome::Refused(DropReason::Unauthorized),
        2 => Outcome::Retry { after: None },
        3 => Outcome::Retry { after: Some(Duration::from_secs(u64::from(kind))) },
        4 => Outcome::Refused(DropReason::Refused),
        5 => Outcome::Split,
        _ => {
            let verdict = |index| match (index + usize::from(kind)) % 4 {
                0 => Verdict::Delivered,
                1 => Verdict::Retry,
                2 => Verdict::Unsent,
                _ => Verdict::Dropped(DropReason::Refused),
            };
            Outcome::PerEvent { verdicts: (0..events).map(verdict).collect(), after: None }
        }
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 2_000, ..ProptestConfig::default() })]

    /// Whatever happens in whatever order: what the test let in is what the ledger accounts for, nothing is settled
    /// twice, and a sink that drains is closed at its deadline with nothing pending.
    #[test]
    fn every_event_is_accounted_for(
        steps in prop::collection::vec(step(), 1..200),
        retries in prop::option::of(0_u32..3),
        drops_oldest: bool,
    ) {
        let overflow = if drops_oldest { Overflow::DropOldest } else { Overflow::DropNewest };
        let mut engine = engine(DeliveryConfig { max_retries: retries, overflow, ..small() });
        let (mut now, mut captured) = (Duration::ZERO, 0);
        let mut flights: Vec<Flight> = Vec::new();
        let mut marks = Vec::new();
        for step in steps {
            match step {
                Step::Admit { route, len, critical, waits } => {
                    captured += 1;
                    if let Err(reason) = engine.admit(ROUTES[route], &vec![b'x'; len], Admission { critical, waits }) {
                        prop_assert!(matches!(reason, DropReason::QueueFull | DropReason::Closed));
                        engine.count_dropped(reason);
                    }
                }
                Step::Advance(millis) => now += Duration::from_millis(millis),
                Step::Tick => engine.tick(),
                Step::Look => match engine.next(now) {
                    EngineStep::Send(flight) => {
                        prop_assert!(!flight.leased.slots.is_empty());
                        flights.push(flight);
                    }
                    EngineStep::WaitUntil(then) => prop_assert!(then > now),
                    EngineStep::Wait => {}
                    EngineStep::Finished => prop_assert_eq!(engine.phase(), Phase::Closed),
                },
                Step::Answer(which, kind) if which < flights.len() => {
                    let flight = flights.swap_remove(which);
                    let outcome = outcome(kind, flight.leased.slots.len());
                    land(&mut engine, flight, outcome, now);
                }
                Step::Crash(which, panicked) if which < flights.len() => {
                    let flight = flights.swap_remove(which);
                    crash(&mut engine, &flight, panicked);
                }
                Step::Flush => marks.push(engine.hurry(now + Duration::from_secs(3))),
                Step::Drain(millis) => engine.drain(now + Duration::from_millis(millis)),
                Step::Purge => {
                    let out: usize = flights.iter().map(|flight| flight.leased.slots.len()).sum();
                    engine.purge(DropReason::Consent);
                    prop_assert!(engine.live_events() <= out);
                }
                Step::Close => engine.close(DropReason::Abandoned),
                Step::Answer(..) | Step::Crash(..) => {}
            }
            let ledger = engine.ledger();
            prop_assert!(ledger.accounts_for(captured), "{} captured, {:?}", captured, ledger);
            let out: usize = engine.routes.iter().map(|state| state.in_flight).sum();
            prop_assert_eq!(out, flights.len());
            prop_assert!(engine.routes.iter().all(|state| state.in_flight <= 2));
            let index: usize = engine.routes.iter().map(|state| state.queue.index_len()).sum();
            prop_assert!(engine.live_bytes + index * ENTRY_BYTES <= 100_000);
        }
        // To the end: every flight is called off, the sink drains without an answer.
        engine.drain(now + Duration::from_secs(1));
        for flight in flights.drain(..) {
            crash(&mut engine, &flight, false);
        }
        prop_assert!(matches!(engine.next(now + Duration::from_secs(1)), EngineStep::Finished));
        let ledger = engine.ledger();
        prop_assert!(ledger.is_settled() && ledger.accounts_for(captured));
        prop_assert_eq!(engine.live_bytes, 0);
        prop_assert!(marks.iter().all(|mark| engine.is_flushed(mark)));
    }

    /// With a server that answers, a flush ends with everything delivered, whatever happened before.
    #[test]
    fn a_flush_delivers_all_that_was_captured_before(counts in prop::collection::vec((0..2_usize, 1..20_usize), 1..6), failures in 0..6_u32) {
        let mut engine = engine(small());
        let mut now = Duration::ZERO;
        let mut kept = 0;
        for (route, events) in counts {
            for _ in 0..events {
                kept += u64::from(engine.admit(ROUTES[route], b"{}", CRITICAL).is_ok());
            }
        }
        let mark = engine.hurry(Duration::MAX);
        let mut failures_left = failures;
        for _ in 0..1_000 {
            match engine.next(now) {
                EngineStep::Send(flight) => {
                    let fails = failures_left > 0;
                    failures_left = failures_left.saturating_sub(1);
                    let outcome = if fails { Outcome::Retry { after: None } } else { Outcome::Delivered };
                    land(&mut engine, flight, outcome, now);
                }
                EngineStep::WaitUntil(then) => now = then,
                EngineStep::Wait => break,
                EngineStep::Finished => unreachable!("nobody closes"),
            }
        }
        prop_assert!(engine.is_flushed(&mark));
        prop_assert_eq!(engine.ledger().delivered(), kept);
        prop_assert!(now <= Duration::from_millis(700), "a flush cuts our own back-off to its floor, {:?}", now);
    }
}
