use std::time::Duration;

use super::*;
use crate::faults::Verdict;

const SECOND: Duration = Duration::from_secs(1);

fn facts(content: &str) -> Facts<'_> {
    Facts { wire_bytes: content.len(), content_bytes: content.len(), content: content.as_bytes(), events: &[] }
}

/// What the next request meets.
fn next(state: &mut State, content: &str, now: Instant) -> Option<Fault> {
    let request = state.next_request();
    state.claim_early(request, now).or_else(|| state.claim(request, &facts(content), now).fault)
}

fn armed(faults: &[&Fault], now: Instant) -> State {
    let mut state = State::default();
    for fault in faults {
        state.arm((*fault).clone(), now);
    }
    state
}

#[test]
fn each_fault_is_used_up_before_the_next_one_begins() {
    let now = Instant::now();
    let (busy, never, slow) = (Fault::status(503).times(2), Fault::status(500).times(0), Fault::status(429));
    let mut state = armed(&[&busy, &never, &slow], now);
    let met: Vec<_> = (0..4).map(|_| next(&mut state, "", now)).collect();
    assert_eq!(met, [Some(busy.clone()), Some(busy), Some(slow), None]);
    let acted: Vec<_> = state.reports(now).iter().map(|report| (report.acted, report.is_over)).collect();
    assert_eq!(acted, [(2, true), (0, true), (1, true)]);
}

#[test]
fn a_fault_for_always_outlives_any_number_of_requests_until_it_is_cleared() {
    let now = Instant::now();
    let busy = Fault::status(503).always();
    let mut state = armed(&[&busy, &Fault::status(429)], now);
    assert!((0..100).all(|_| next(&mut state, "", now).as_ref() == Some(&busy)));
    assert_eq!(state.reports(now)[0].acted, 100);
    state.clear();
    assert_eq!((next(&mut state, "", now), state.reports(now)), (None, vec![]));
}

#[test]
fn times_of_faults_for_all_follow_one_another() {
    let start = Instant::now();
    let (one, two) = (Fault::status(503).during(3 * SECOND), Fault::status(500).during(2 * SECOND));
    let mut state = armed(&[&one, &two, &Fault::status(429)], start);
    for (seconds, expected) in [(0, 503), (2, 503), (3, 500), (4, 500), (9, 429)] {
        let met = next(&mut state, "", start + seconds * SECOND).unwrap();
        assert_eq!(met.effect, FaultEffect::Status(expected), "after {seconds} s");
    }
    assert_eq!(next(&mut state, "", start + 10 * SECOND), None);
}

#[test]
fn time_runs_from_the_last_occasion_of_the_fault_before() {
    let start = Instant::now();
    let later = Fault::status(500).during(2 * SECOND);
    let mut state = armed(&[&Fault::status(503), &later], start);
    assert_eq!(next(&mut state, "", start + 60 * SECOND), Some(Fault::status(503)));
    assert_eq!(next(&mut state, "", start + 61 * SECOND), Some(later));
    assert_eq!(next(&mut state, "", start + 62 * SECOND), None);
}

#[test]
fn a_number_of_times_and_a_time_end_it_whichever_comes_first() {
    let start = Instant::now();
    let fault = Fault::status(503).during(SECOND).times(2);
    let mut state = armed(&[&fault, &fault], start);
    assert_eq!((0..5).filter(|_| next(&mut state, "", start).is_some()).count(), 4);
    let mut state = armed(&[&fault], start);
    assert!(next(&mut state, "", start).is_some());
    assert_eq!(next(&mut state, "", start + SECOND), None);
}

#[test]
fn what_is_for_some_lets_the_others_pass() {
    let now = Instant::now();
    let poison = Fault::status(400).if_body_contains("poison").always();
    let big = Fault::status(413).if_wire_bytes_exceed(10).always();
    let bigger = Fault::status(414).if_content_exceeds(20).always();
    let all = Fault::status(503).times(1);
    let mut state = armed(&[&poison, &bigger, &big, &all], now);
    for (content, expected) in [
        ("a poison", Some(poison)),
        ("12345678901", Some(big.clone())),
        ("123456789012345678901", Some(bigger)),
        ("1234567890", Some(all)),
        ("1234567890", None),
        ("12345678901", Some(big)),
    ] {
        assert_eq!(next(&mut state, content, now), expected, "{content}");
    }
}

#[test]
fn a_share_counts_requests_from_the_injection_on() {
    let now = Instant::now();
    let fault = Fault::status(503).for_share(0.3).with_seed(5);
    let met = |requests_before: usize| {
        let mut state = State::default();
        for _ in 0..requests_before {
            assert_eq!(next(&mut state, "", now), None);
        }
        state.arm(fault.clone(), now);
        state.arm(Fault::reset_before_request().for_share(0.5), now);
        (0..200).map(|_| next(&mut state, "", now).map(|fault| fault.effect)).collect::<Vec<_>>()
    };
    assert_eq!(met(0), met(17));
    let count = |effect: &FaultEffect| met(0).iter().flatten().filter(|met| *met == effect).count();
    assert!((40..=80).contains(&count(&FaultEffect::Status(503))));
    let reset = Fault::reset_before_request().effect;
    assert!((50..=90).contains(&count(&reset)));
}

#[test]
fn only_what_is_certain_happens_before_the_body_is_known() {
    let now = Instant::now();
    let reset = Fault::reset_during_request(7).always();
    let mut state = armed(&[&reset], now);
    let request = state.next_request();
    assert_eq!(state.claim_early(request, now), Some(reset.clone()));

    let mut state = armed(&[&Fault::status(400).if_body_contains("x").always(), &reset], now);
    let request = state.next_request();
    assert_eq!(state.claim_early(request, now), None);
    assert_eq!(state.claim(request, &facts("y"), now).fault, Some(reset));
}

#[test]
fn verdicts_come_on_top_of_another_fault_and_only_where_there_are_events_to_judge() {
    let now = Instant::now();
    let lost = Fault::verdict(Verdict::Drop).if_body_contains("a").always();
    let again = Fault::verdict(Verdict::Retry).if_body_contains("b");
    let slow = Fault::delay(SECOND).always();
    let mut state = armed(&[&lost, &again, &slow], now);
    let events = ["{a}", "{b}"];
    let facts = Facts { events: &events, ..facts("{a}{b}") };
    let request = state.next_request();
    let claimed = state.claim(request, &facts, now);
    assert_eq!(claimed, Claimed { fault: Some(slow.clone()), verdicts: vec![lost.clone(), again] });
    let claimed = state.claim(request, &facts, now);
    assert_eq!(claimed, Claimed { fault: Some(slow.clone()), verdicts: vec![lost] });
    let claimed = state.claim(request, &Facts { events: &[], ..facts }, now);
    assert_eq!(claimed, Claimed { fault: Some(slow), verdicts: vec![] });
}

#[test]
fn a_refusal_waits_for_its_turn_and_ends_with_its_time() {
    let start = Instant::now();
    let mut state = armed(&[&Fault::status(503), &Fault::refuse_connections().during(3 * SECOND)], start);
    assert_eq!(state.refusal(start), None);
    assert!(next(&mut state, "", start + SECOND).is_some());
    assert_eq!(state.refusal(start + 2 * SECOND), Some(Refusal { until: Some(start + 4 * SECOND) }));
    assert_eq!(state.refusal(start + 4 * SECOND), None);
    assert_eq!(state.reports(start + 4 * SECOND)[1].acted, 1);
    state.arm(Fault::refuse_connections(), start);
    assert_eq!(state.refusal(start + 9 * SECOND), Some(Refusal { until: None }));
}

#[test]
fn reports_of_what_is_over_are_bounded() {
    let now = Instant::now();
    let mut state = State::default();
    for _ in 0..2 * FINISHED_CAPACITY {
        state.arm(Fault::status(503).times(0), now);
    }
    assert_eq!(state.reports(now).len(), FINISHED_CAPACITY);
}
