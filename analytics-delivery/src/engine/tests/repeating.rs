//! Batches that are sent again, and what is not.

use super::*;
use crate::batch::BatchIdentity;

#[test]
fn a_batch_that_failed_is_sent_again_as_it_was_and_newer_events_are_another() {
    let mut engine = engine(small());
    (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let first = dispatch(&mut engine, Duration::ZERO).unwrap();
    let (identity, sent) = (first.attempt.batch, seqs(&first));
    finish_attempt(&mut engine, first, Outcome::Retry { after: None }, Duration::ZERO);
    (0..5).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let now = Duration::from_secs(1);
    let second = dispatch(&mut engine, now).unwrap();
    assert_eq!((second.attempt.batch, seqs(&second)), (BatchIdentity { attempts: 1, ..identity }, sent));
    // Some of it is to be sent once more: the same batch, with less in it.
    let verdicts = vec![Verdict::Delivered, Verdict::Retry, Verdict::Dropped(DropReason::Refused)];
    finish_attempt(&mut engine, second, Outcome::PerEvent { verdicts, after: None }, now);
    let now = Duration::from_secs(4);
    let third = dispatch(&mut engine, now).unwrap();
    assert_eq!(
        (third.attempt.batch, seqs(&third)),
        (BatchIdentity { attempts: 2, is_pruned: true, ..identity }, vec![1])
    );
    let beside = dispatch(&mut engine, now + Duration::from_millis(50)).unwrap();
    assert_eq!((beside.attempt.batch.attempts, seqs(&beside)), (0, vec![3, 4, 5, 6, 7]));
    assert!(beside.attempt.batch.number > identity.number);
    crash(&mut engine, third, false);
    finish_attempt(&mut engine, beside, Outcome::Delivered, now);
    let again = dispatch(&mut engine, now).unwrap();
    assert_eq!(
        (again.attempt.batch, seqs(&again)),
        (BatchIdentity { attempts: 3, is_pruned: true, ..identity }, vec![1])
    );
}

#[test]
fn what_was_not_sent_goes_with_another_batch_and_was_no_attempt() {
    let mut engine = engine(DeliveryConfig { max_retries: Some(0), ..small() });
    (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
    let number = sent.attempt.batch.number;
    let verdicts = vec![Verdict::Delivered, Verdict::Unsent, Verdict::Delivered];
    finish_attempt(&mut engine, sent, Outcome::PerEvent { verdicts, after: None }, Duration::ZERO);
    engine.tick();
    let next = dispatch(&mut engine, Duration::ZERO).unwrap();
    assert_eq!((seqs(&next), next.leased.slots[0].attempts, next.attempt.batch.attempts), (vec![1], 0, 0));
    assert_ne!(next.attempt.batch.number, number);
}

#[test]
fn a_batch_that_waits_to_be_sent_again_can_be_dropped_for_newer_events_and_for_its_age() {
    let mut engine = engine(DeliveryConfig { overflow: Overflow::DropOldest, ..small() });
    (0..38).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
    finish_attempt(&mut engine, sent, Outcome::Retry { after: None }, Duration::ZERO);
    (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let again = dispatch(&mut engine, Duration::from_secs(1)).unwrap();
    assert_eq!(seqs(&again), [3, 4, 5, 6, 7], "the three oldest made room");
    crash(&mut engine, again, false);
    assert!(dispatch(&mut engine, Duration::from_secs(4_000)).is_none());
    assert_eq!((engine.ledger().dropped(DropReason::Expired), engine.ledger().pending()), (38, 0));
}

#[test]
fn a_server_that_does_not_know_the_key_is_asked_once_a_minute_and_a_flush_does_not_wait_for_it() {
    let mut engine = engine(small());
    (0..20).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let unauthorized = || Outcome::Refused(DropReason::Unauthorized);
    let (mut now, mut asked) = (Duration::ZERO, Vec::new());
    while asked.len() < 2 {
        match engine.step(now) {
            EngineStep::Send(dispatch) => {
                asked.push(now.as_secs());
                finish_attempt(&mut engine, dispatch, unauthorized(), now);
            }
            EngineStep::Then(Then::WaitUntil(then)) => now = then,
            other @ EngineStep::Then(_) => panic!("{other:?}"),
        }
    }
    assert_eq!(asked, [0, 60]);
    let ledger = engine.ledger();
    assert_eq!((ledger.dropped(DropReason::Unauthorized), ledger.pending()), (16, 4));
    let mark = engine.expedite(now + Duration::from_secs(10));
    assert!(matches!(engine.step(now), EngineStep::Then(Then::Wait)), "nothing is left to wait for");
    assert!(engine.is_flushed(&mark));
    assert_eq!(engine.ledger().dropped(DropReason::Unauthorized), 20);
    // The key is known again: one probe, then all is as ever.
    (0..8).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    assert!(dispatch(&mut engine, now + Duration::from_secs(59)).is_none());
    now += Duration::from_secs(60);
    let probe = dispatch(&mut engine, now).unwrap();
    finish_attempt(&mut engine, probe, Outcome::Delivered, now);
    assert_eq!((engine.ledger().delivered(), engine.ledger().pending()), (8, 0));
}

#[test]
fn what_a_link_is_too_slow_for_is_sent_again_in_parts() {
    let mut engine =
        engine(DeliveryConfig { flush_at: std::num::NonZeroUsize::new(1).unwrap(), ..DeliveryConfig::default() });
    (0..8).for_each(|user| assert!(engine.let_in(ROUTES[0], &vec![b'x'; 60_000], by(&user.to_string())).is_ok()));
    let (mut now, mut sizes) = (Duration::ZERO, Vec::new());
    while engine.ledger().pending() > 0 {
        match engine.step(now) {
            EngineStep::Send(dispatch) => {
                let bytes: u32 = dispatch.leased.slots.iter().map(|slot| slot.len).sum();
                sizes.push(bytes / 60_000);
                let answer = if bytes > 130_000 {
                    Answer::new(Outcome::Retry { after: None }).timed_out()
                } else {
                    Answer::new(Outcome::Delivered)
                };
                answered(&mut engine, dispatch, &answer, now, 0.5);
            }
            EngineStep::Then(Then::WaitUntil(then)) => now = then,
            other @ EngineStep::Then(_) => panic!("{other:?}"),
        }
    }
    assert_eq!(sizes, [8, 1, 1, 1, 1, 1, 1, 1, 1], "eight at once, then what is small on the wire");
    // Eight arrived at once, so the next may be as large as ever.
    (0..16).for_each(|_| assert!(engine.let_in(ROUTES[0], &vec![b'x'; 60_000], PLAIN).is_ok()));
    assert_eq!(dispatch(&mut engine, now).unwrap().leased.slots.len(), 16);
    assert_eq!(engine.ledger().delivered(), 8);
}

#[test]
fn purged_is_what_waits_and_not_what_is_in_flight() {
    let mut engine = engine(small());
    (0..20).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let (failed, out) =
        (dispatch(&mut engine, Duration::ZERO).unwrap(), dispatch(&mut engine, Duration::from_secs(1)).unwrap());
    finish_attempt(&mut engine, failed, Outcome::Retry { after: None }, Duration::from_secs(1));
    assert_eq!(purge(&mut engine, DropReason::Consent), 12);
    finish_attempt(&mut engine, out, Outcome::Delivered, Duration::from_secs(1));
    let ledger = engine.ledger();
    assert_eq!((ledger.delivered(), ledger.dropped(DropReason::Consent), ledger.pending()), (8, 12, 0));
}

#[test]
fn one_event_that_is_to_be_sent_again_holds_no_other_up() {
    let mut engine = engine(small());
    engine.let_in(ROUTES[0], b"again", PLAIN).unwrap();
    let (mut now, mut again, mut delivered) = (Duration::ZERO, Vec::new(), 0);
    while again.len() < 5 {
        while engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok() {}
        match engine.step(now) {
            EngineStep::Send(sent) => {
                let verdict = |slot: &Slot| if slot.seq == 0 { Verdict::Retry } else { Verdict::Delivered };
                let verdicts: Vec<_> = sent.leased.slots.iter().map(verdict).collect();
                again.extend(verdicts.contains(&Verdict::Retry).then_some(now));
                delivered += verdicts.iter().filter(|verdict| **verdict == Verdict::Delivered).count();
                finish_attempt(
                    &mut engine,
                    sent,
                    Outcome::PerEvent { verdicts, after: Some(Duration::from_secs(7)) },
                    now,
                );
                now += Duration::from_millis(10);
            }
            EngineStep::Then(Then::WaitUntil(then)) => now = then,
            other @ EngineStep::Then(_) => panic!("{other:?}"),
        }
    }
    let pauses = again.windows(2).map(|pair| pair[1].saturating_sub(pair[0]));
    assert!(pauses.clone().all(|pause| pause >= Duration::from_secs(7)), "{again:?}");
    assert!(now < Duration::from_secs(45), "{now:?}");
    assert!(delivered > 20_000, "a batch of eight every ten milliseconds: {delivered}");
    assert!(
        engine.routes[RouteId::FIRST].queue.index_len() < 50,
        "it pins no entries of those that were captured after it"
    );
    assert_eq!(engine.outage().since, None);
}

#[test]
fn a_batch_that_always_fails_holds_no_other_up() {
    for per_event in [true, false] {
        let mut engine = engine(small());
        engine.let_in(ROUTES[0], b"bad", PLAIN).unwrap();
        engine.tick();
        let (mut now, mut delivered, mut asked) = (Duration::ZERO, 0, 0);
        while delivered < 37 {
            match engine.step(now) {
                EngineStep::Send(sent) => {
                    let events = sent.leased.slots.len();
                    let is_bad = seqs(&sent).contains(&0);
                    delivered += if is_bad { 0 } else { events };
                    let outcome = match (is_bad, per_event) {
                        (false, _) => Outcome::Delivered,
                        (true, true) => Outcome::PerEvent { verdicts: vec![Verdict::Retry; events], after: None },
                        (true, false) => Outcome::Retry { after: None },
                    };
                    finish_attempt(&mut engine, sent, outcome, now);
                    if asked == 0 {
                        (0..37).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
                    }
                    asked += 1;
                }
                EngineStep::Then(Then::WaitUntil(then)) => now = then,
                EngineStep::Then(Then::Wait) => engine.tick(),
                other @ EngineStep::Then(_) => unreachable!("{other:?}"),
            }
        }
        assert!(asked < 20 && now < Duration::from_secs(60), "{asked} requests in {now:?}");
    }
}

#[test]
fn what_no_flush_waits_for_any_more_waits_for_the_key_to_be_known() {
    let mut engine = engine(small());
    (0..30).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
    finish_attempt(&mut engine, sent, Outcome::Retry { after: None }, Duration::ZERO);
    engine.expedite(Duration::from_secs(1));
    let now = Duration::from_secs(600);
    let probe = dispatch(&mut engine, now).unwrap();
    finish_attempt(&mut engine, probe, Outcome::Refused(DropReason::Unauthorized), now);
    assert!(matches!(engine.step(now), EngineStep::Then(Then::WaitUntil(_))));
    assert_eq!((engine.ledger().dropped(DropReason::Unauthorized), engine.ledger().pending()), (8, 22));
}

#[test]
fn a_failure_in_between_does_not_make_a_pruned_batch_a_failing_server() {
    let mut engine = engine(small());
    (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let first = dispatch(&mut engine, Duration::ZERO).unwrap();
    let verdicts = vec![Verdict::Delivered, Verdict::Retry, Verdict::Delivered];
    finish_attempt(&mut engine, first, Outcome::PerEvent { verdicts, after: None }, Duration::ZERO);
    let second = dispatch(&mut engine, Duration::from_secs(10)).unwrap();
    finish_attempt(&mut engine, second, Outcome::Retry { after: None }, Duration::from_secs(10));
    let now = Duration::from_secs(20);
    let third = dispatch(&mut engine, now).unwrap();
    finish_attempt(&mut engine, third, Outcome::PerEvent { verdicts: vec![Verdict::Retry], after: None }, now);
    (0..8).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    assert!(dispatch(&mut engine, now).is_some(), "others are not held up");
}

#[test]
fn an_answer_from_before_a_401_does_not_make_a_flush_wait() {
    let mut engine = engine(small());
    (0..20).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let first = dispatch(&mut engine, Duration::ZERO).unwrap();
    let now = Duration::from_secs(1);
    let second = dispatch(&mut engine, now).unwrap();
    finish_attempt(&mut engine, first, Outcome::Refused(DropReason::Unauthorized), now);
    finish_attempt(&mut engine, second, Outcome::Delivered, now);
    let mark = engine.expedite(now + Duration::from_secs(50));
    assert!(matches!(engine.step(now), EngineStep::Then(Then::Wait)) && engine.is_flushed(&mark));
}

#[test]
fn what_was_left_out_of_a_request_was_no_attempt_whatever_became_of_the_rest() {
    let outcomes = [
        (Outcome::Delivered, 2, 0),
        (Outcome::Retry { after: None }, 0, 2),
        (Outcome::Refused(DropReason::OverQuota), 0, 2),
    ];
    for (outcome, delivered, lost) in outcomes {
        let mut engine = engine(DeliveryConfig { max_retries: Some(0), ..small() });
        (0..3).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
        let sent = dispatch(&mut engine, Duration::ZERO).unwrap();
        let answer = Answer::new(outcome).with_unsent(vec![false, true, false]);
        answered(&mut engine, sent, &answer, Duration::ZERO, 0.5);
        let ledger = engine.ledger();
        assert_eq!((ledger.delivered(), ledger.lost(), ledger.pending()), (delivered, lost, 1), "{ledger}");
    }
}

/// What is sent of 16 events of 50 kB, with a body as large as they are, until nothing is pending; `answer` judges a
/// request of so many events. Returns when each was sent, and with how many.
fn sent_until_settled(
    engine: &mut Engine,
    hurried: bool,
    answer: impl Fn(usize) -> Answer,
    end: Duration,
) -> Vec<(Duration, usize)> {
    (0..16).for_each(|_| assert!(engine.let_in(ROUTES[0], &vec![b'x'; 50_000], PLAIN).is_ok()));
    if hurried {
        engine.expedite(end);
    }
    let (mut now, mut sent) = (Duration::ZERO, Vec::new());
    while engine.ledger().pending() > 0 && now < end {
        match engine.step(now) {
            EngineStep::Send(dispatch) => {
                let events = dispatch.leased.slots.len();
                sent.push((now, events));
                let answer = answer(events).with_body_bytes(events * 50_000);
                answered(engine, dispatch, &answer, now, 0.5);
            }
            EngineStep::Then(Then::WaitUntil(then)) => now = then,
            EngineStep::Then(Then::Wait) => engine.tick(),
            EngineStep::Then(Then::Finished | Then::LookAgain) => break,
        }
    }
    sent
}

fn broke() -> Answer {
    Answer::new(Outcome::Retry { after: None }).with_broken_connections(1)
}

#[test]
fn a_batch_over_which_two_connections_broke_is_halved_and_its_halves_after_one_more() {
    let mut engine = engine(DeliveryConfig::default());
    let answer = |events| if events > 3 { broke() } else { Answer::new(Outcome::Delivered) };
    let sent = sent_until_settled(&mut engine, false, answer, Duration::from_secs(60));
    let sizes: Vec<_> = sent.iter().map(|(_, events)| *events).collect();
    assert_eq!(sizes, [16, 16, 8, 4, 2, 2, 2, 2, 2, 2, 2, 2], "what is known to be too large is not sent");
    assert_eq!(engine.ledger().delivered(), 16);
    // So is what comes later.
    (0..16).for_each(|_| assert!(engine.let_in(ROUTES[0], &vec![b'x'; 50_000], PLAIN).is_ok()));
    engine.tick();
    assert_eq!(dispatch(&mut engine, Duration::from_secs(100)).unwrap().leased.slots.len(), 2);
}

#[test]
fn what_is_large_and_never_passes_is_not_sent_again_and_again_while_somebody_waits() {
    let mut engine = engine(DeliveryConfig::default());
    let answer = |_| broke();
    (0..4).for_each(|_| assert!(engine.let_in(ROUTES[0], &vec![b'x'; 200_000], PLAIN).is_ok()));
    let half_a_minute = Duration::from_secs(30);
    engine.expedite(half_a_minute);
    let (mut now, mut requests) = (Duration::ZERO, 0);
    while now < half_a_minute {
        match engine.step(now) {
            EngineStep::Send(dispatch) => {
                requests += 1;
                let bytes: u32 = dispatch.leased.slots.iter().map(|slot| slot.len).sum();
                let answer = answer(bytes).with_body_bytes(bytes as usize);
                answered(&mut engine, dispatch, &answer, now, 0.5);
            }
            EngineStep::Then(Then::WaitUntil(then)) => now = then,
            other @ EngineStep::Then(_) => panic!("{other:?}"),
        }
    }
    // Two at the whole, then its halves, and each event alone once or twice: three halvings, and not ten requests a
    // second.
    assert!((7..=12).contains(&requests), "{requests} requests");
    assert_eq!(engine.ledger().pending(), 4);
}

#[test]
fn what_is_small_and_breaks_is_hurried_as_ever() {
    let mut engine = engine(DeliveryConfig::default());
    (0..4).for_each(|_| assert!(engine.let_in(ROUTES[0], &vec![b'x'; 1_000], PLAIN).is_ok()));
    engine.expedite(Duration::from_secs(60));
    let mut now = Duration::ZERO;
    (0..2).for_each(|_| now = fail(&mut engine, now));
    assert_eq!(now, Duration::from_millis(100));
}

#[test]
fn a_request_is_given_more_time_while_the_server_answers_late() {
    let mut engine = engine(DeliveryConfig::default());
    let timeout = DeliveryConfig::default().request_timeout;
    engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap();
    engine.tick();
    let (mut now, mut given) = (Duration::ZERO, Vec::new());
    while engine.ledger().pending() > 0 {
        match engine.step(now) {
            EngineStep::Send(dispatch) => {
                let given_now = engine.begin_attempt(RouteId::FIRST, now).saturating_sub(now);
                given.push(given_now / u32::try_from(timeout.as_secs()).unwrap());
                now += given_now;
                let answer = if given_now < 3 * timeout {
                    Answer::new(Outcome::Retry { after: None }).with_body_bytes(100).timed_out()
                } else {
                    Answer::new(Outcome::Delivered)
                };
                answered(&mut engine, dispatch, &answer, now, 0.5);
            }
            EngineStep::Then(Then::WaitUntil(then)) => now = then,
            other @ EngineStep::Then(_) => panic!("{other:?}"),
        }
    }
    assert_eq!(given.iter().map(Duration::as_secs).collect::<Vec<_>>(), [1, 2, 4]);
}

/// Sends what waits at a server that takes no request with the event `bad` in it, while new events keep coming. Returns
/// the sizes of the requests that failed, and the events of the bad one's actor that arrived.
fn search_for(engine: &mut Engine, bad: u64, new: impl Fn(&mut Engine), until: Duration) -> (Vec<usize>, usize) {
    let (mut now, mut failed, mut of_actor) = (Duration::ZERO, Vec::new(), 0);
    while now < until {
        match engine.step(now) {
            EngineStep::Send(sent) if seqs(&sent).contains(&bad) => {
                failed.push(sent.leased.slots.len());
                finish_attempt(engine, sent, Outcome::Retry { after: None }, now);
                if engine.live_events() < 20 {
                    new(engine);
                }
            }
            EngineStep::Send(sent) => {
                of_actor += sent.leased.slots.iter().filter(|slot| slot.len == 3).count();
                finish_attempt(engine, sent, Outcome::Delivered, now);
                new(engine);
                now += Duration::from_millis(100);
            }
            EngineStep::Then(Then::WaitUntil(then)) => now = then,
            EngineStep::Then(Then::Wait) => {
                engine.tick();
                new(engine);
            }
            other @ EngineStep::Then(_) => panic!("{other:?}"),
        }
    }
    (failed, of_actor)
}

#[test]
fn a_batch_that_fails_while_others_pass_is_halved_until_its_culprit_holds_up_its_own_actor_alone() {
    let mut engine = engine(small());
    for user in 0..8 {
        engine.let_in(ROUTES[0], b"{}", by(&format!("u{user}"))).unwrap();
    }
    let others = |engine: &mut Engine| {
        (8..12).for_each(|user| assert!(engine.let_in(ROUTES[0], b"{}", by(&format!("u{user}"))).is_ok()));
    };
    let (failed, _) = search_for(&mut engine, 5, others, Duration::from_secs(60));
    // After three failures others are tried first, and pass.
    assert_eq!(failed[..7], [8, 8, 8, 8, 4, 2, 1]);
    assert!(failed[7..].iter().all(|events| *events == 1), "{failed:?}");
    assert_eq!(engine.routes[RouteId::FIRST].queue.retained().events, 1);
}

#[test]
fn the_culprit_of_an_actor_holds_up_what_comes_after_it_and_nothing_before() {
    let mut engine = engine(small());
    for _ in 0..8 {
        engine.let_in(ROUTES[0], b"{a}", by("a")).unwrap();
    }
    let others = |engine: &mut Engine| {
        (0..2).for_each(|user| assert!(engine.let_in(ROUTES[0], b"{}", by(&format!("u{user}"))).is_ok()));
    };
    let (failed, of_actor) = search_for(&mut engine, 5, others, Duration::from_secs(100));
    assert_eq!(failed[..6], [8, 8, 8, 8, 4, 2], "the first half passes, and the second one follows it");
    assert!(failed[6..].iter().all(|events| *events == 1), "{failed:?}");
    assert_eq!(of_actor, 5, "all before it");
    assert_eq!(engine.routes[RouteId::FIRST].queue.retained().events, 3, "it and what comes after it");
}

#[test]
fn in_an_outage_nothing_is_halved() {
    let mut engine = engine(small());
    for user in 0..8 {
        engine.let_in(ROUTES[0], b"{}", by(&format!("u{user}"))).unwrap();
    }
    let mut now = Duration::ZERO;
    for _ in 0..20 {
        now = fail(&mut engine, now);
    }
    let last = loop {
        match engine.step(now) {
            EngineStep::Send(sent) => break sent,
            EngineStep::Then(Then::WaitUntil(then)) => now = then,
            other @ EngineStep::Then(_) => panic!("{other:?}"),
        }
    };
    assert_eq!((last.leased.slots.len(), last.attempt.batch.attempts), (8, 20));
}

#[test]
fn what_is_large_and_never_passes_holds_up_nothing_else() {
    let mut engine = engine(DeliveryConfig::default());
    (0..2).for_each(|_| assert!(engine.let_in(ROUTES[0], &vec![b'x'; 200_000], PLAIN).is_ok()));
    engine.tick();
    let (mut now, mut small_at) = (Duration::ZERO, None);
    let minutes = Duration::from_secs(300);
    while now < minutes {
        if now > minutes / 2 && small_at.is_none() && engine.ledger().captured() == 2 {
            engine.let_in(ROUTES[0], b"{}", PLAIN).unwrap();
            engine.tick();
        }
        match engine.step(now) {
            EngineStep::Send(dispatch) => {
                let bytes: u32 = dispatch.leased.slots.iter().map(|slot| slot.len).sum();
                let answer = if bytes > 1_000 { broke() } else { Answer::new(Outcome::Delivered) };
                if bytes < 1_000 {
                    small_at = Some(now);
                }
                answered(&mut engine, dispatch, &answer.with_body_bytes(bytes as usize), now, 0.5);
            }
            EngineStep::Then(Then::WaitUntil(then)) => now = then,
            other @ EngineStep::Then(_) => panic!("{other:?}"),
        }
    }
    let waited = small_at.unwrap().saturating_sub(minutes / 2);
    assert!(waited <= Duration::from_secs(60), "two back-offs at most: {waited:?}");
    assert_eq!((engine.ledger().delivered(), engine.ledger().pending()), (1, 2));
}

/// Every attempt at the first batch that does not arrive ends as it is told here; returns the number of each attempt's
/// batch and its events.
fn attempts_at_a_whole_batch(engine: &mut Engine, ends: &[&str]) -> Vec<(u64, Vec<u64>)> {
    let (mut now, mut attempts, mut next_part) = (Duration::ZERO, Vec::new(), None);
    while attempts.len() < ends.len() {
        let sent = match next_part.take().map_or_else(|| engine.step(now), EngineStep::Send) {
            EngineStep::Send(sent) => sent,
            EngineStep::Then(Then::WaitUntil(then)) => {
                now = then;
                continue;
            }
            other @ EngineStep::Then(_) => panic!("{other:?}"),
        };
        if !seqs(&sent).contains(&0) {
            next_part = engine.finish_attempt(sent, &Answer::new(Outcome::Delivered), now, 0.5);
            continue;
        }
        let retry = || Answer::new(Outcome::Retry { after: None }).with_body_bytes(800_000);
        let end = ends[attempts.len()];
        attempts.push((sent.attempt.batch.number, seqs(&sent)));
        match end {
            "a time-out" => next_part = engine.finish_attempt(sent, &retry().timed_out(), now, 0.5),
            "a reset" => next_part = engine.finish_attempt(sent, &retry().with_broken_connections(2), now, 0.5),
            "a panic" => crash(engine, sent, true),
            "called off" => crash(engine, sent, false),
            _ => next_part = engine.finish_attempt(sent, &retry(), now, 0.5),
        }
        // Others pass.
        assert!(engine.let_in(ROUTES[0], &vec![b'x'; 100_000], PLAIN).is_ok());
        engine.tick();
    }
    attempts
}

#[test]
fn what_has_to_be_repeated_whole_keeps_its_number_and_its_events_whatever_happens() {
    let ends = ["a 503", "a time-out", "a reset", "a panic", "a time-out", "called off", "a 503", "a 503", "a 503"];
    for (repeats, is_whole) in [(Repeats::Whole, true), (Repeats::Divisible, false)] {
        let mut engine = Engine::new(DeliveryConfig::default(), repeats);
        (0..8).for_each(|user| {
            assert!(engine.let_in(ROUTES[0], &vec![b'x'; 100_000], by(&user.to_string())).is_ok());
        });
        engine.tick();
        let attempts = attempts_at_a_whole_batch(&mut engine, &ends);
        assert_eq!(attempts.iter().all(|attempt| *attempt == attempts[0]), is_whole, "{attempts:?}");
    }
}

#[test]
fn after_a_time_out_of_what_is_repeated_whole_later_batches_are_smaller() {
    let mut engine = Engine::new(DeliveryConfig::default(), Repeats::Whole);
    (0..8).for_each(|_| assert!(engine.let_in(ROUTES[0], &vec![b'x'; 100_000], PLAIN).is_ok()));
    engine.tick();
    let first = dispatch(&mut engine, Duration::ZERO).unwrap();
    let timed_out = Answer::new(Outcome::Retry { after: None }).with_body_bytes(800_000).timed_out();
    assert!(engine.finish_attempt(first, &timed_out, Duration::from_secs(15), 0.5).is_none());
    (0..8).for_each(|_| assert!(engine.let_in(ROUTES[0], &vec![b'x'; 100_000], PLAIN).is_ok()));
    engine.tick();
    // What is new goes first, to see whether anything passes.
    let new = dispatch(&mut engine, Duration::from_secs(20)).unwrap();
    assert_eq!((new.attempt.batch.number, seqs(&new).len()), (1, 1));
    assert!(engine.finish_attempt(new, &Answer::new(Outcome::Delivered), Duration::from_secs(34), 0.5).is_none());
    let again = dispatch(&mut engine, Duration::from_secs(60)).unwrap();
    assert_eq!((again.attempt.batch.number, seqs(&again).len()), (0, 8));
}

#[test]
fn a_whole_batch_is_given_up_whole_after_three_panics_and_parted_where_the_transport_says_so() {
    let mut engine = Engine::new(small(), Repeats::Whole);
    (0..4).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let mut now = Duration::ZERO;
    for panics in 1..=3 {
        let sent = dispatch(&mut engine, now).unwrap();
        assert_eq!((sent.attempt.batch.number, seqs(&sent).len()), (0, 4));
        crash(&mut engine, sent, true);
        assert_eq!(engine.ledger().dropped(DropReason::Panicked), if panics == 3 { 4 } else { 0 });
        now += Duration::from_secs(60);
    }
    (0..4).for_each(|_| assert!(engine.let_in(ROUTES[0], b"{}", PLAIN).is_ok()));
    let sent = dispatch(&mut engine, now).unwrap();
    let half = engine.finish_attempt(sent, &Answer::new(Outcome::Split), now, 0.5).unwrap();
    assert_eq!(seqs(&half), [4, 5]);
}
