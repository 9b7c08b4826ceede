use proptest::prelude::*;

use super::*;

const TIMEOUT: Duration = Duration::from_secs(15);
const NOW: Duration = Duration::from_secs(1_000);

/// A request of `kib` KiB that does not compress, which took so much of the time-out in force.
fn sent(link: Link, kib: usize, took: Duration) -> Sent {
    Sent { events: 1_000, event_bytes: kib << 10, body_bytes: kib << 10, timeout: link.timeout(), took }
}

fn timed_out(link: &mut Link, kib: usize) -> bool {
    let sent = sent(*link, kib, link.timeout());
    link.timed_out(sent)
}

fn arrived(link: &mut Link, took: Duration) {
    let sent = sent(*link, 10, took);
    link.arrived(sent, NOW);
}

#[test]
fn what_is_large_and_late_is_made_small_and_grows_again() {
    let mut link = Link::new(1 << 20, TIMEOUT);
    assert!(timed_out(&mut link, 1_024));
    assert_eq!((link.bytes(), link.is_slow(), link.timeout()), (48 << 10, true, TIMEOUT));
    arrived(&mut link, TIMEOUT * 9 / 10);
    assert_eq!(link.bytes(), 48 << 10, "more might not pass");
    arrived(&mut link, TIMEOUT / 2);
    assert_eq!(link.bytes(), 60 << 10);
    (0..5).for_each(|_| arrived(&mut link, TIMEOUT / 4));
    assert_eq!((link.bytes(), link.is_slow(), link.timeout()), (1 << 20, false, TIMEOUT));
}

#[test]
fn a_body_that_compresses_well_is_made_as_small_on_the_wire() {
    let mut link = Link::new(1 << 20, TIMEOUT);
    let body_bytes = 128 << 10;
    let sent = Sent { events: 1_000, event_bytes: 1 << 20, body_bytes, timeout: TIMEOUT, took: TIMEOUT };
    assert!(link.timed_out(sent));
    assert_eq!(link.bytes(), 256 << 10, "a quarter is small enough");
    let mut link = Link::new(1 << 20, TIMEOUT);
    assert!(link.timed_out(Sent { body_bytes: 512 << 10, ..sent }));
    assert_eq!(link.bytes(), 96 << 10);
}

#[test]
fn what_is_small_and_late_is_given_more_time_up_to_a_minute_and_then_made_smaller() {
    let mut link = Link::new(1 << 20, TIMEOUT);
    let mut timeouts = vec![];
    while link.bytes() == 1 << 20 {
        timeouts.push(link.timeout().as_secs());
        timed_out(&mut link, 64);
    }
    assert_eq!(timeouts, [15, 30, 60]);
    assert_eq!((link.bytes(), link.timeout().as_secs()), (16 << 10, 60));
    assert!(timed_out(&mut link, 16));
    assert_eq!(link.bytes(), LEAST_BYTES);
    assert!(!timed_out(&mut link, 4));
    assert_eq!(link.bytes(), LEAST_BYTES);
    arrived(&mut link, Duration::from_secs(16));
    assert_eq!(link.timeout().as_secs(), 60, "it would be too short again");
    let shrinking = [14, 1, 1].map(|secs| {
        arrived(&mut link, Duration::from_secs(secs));
        link.timeout().as_secs()
    });
    assert_eq!(shrinking, [30, 15, 15]);
}

#[test]
fn requests_that_are_late_together_are_late_once() {
    let mut link = Link::new(1 << 20, TIMEOUT);
    let together = sent(link, 10, TIMEOUT);
    (0..4).for_each(|_| assert!(!link.timed_out(together)));
    assert_eq!(link.timeout(), 2 * TIMEOUT);
}

#[test]
fn an_event_alone_is_given_more_time_however_large_it_is() {
    let mut link = Link::new(1 << 20, TIMEOUT);
    assert!(!link.timed_out(Sent { events: 1, ..sent(link, 800, TIMEOUT) }));
    assert_eq!((link.bytes(), link.timeout()), (1 << 20, 2 * TIMEOUT));
}

#[test]
fn a_longer_setting_is_kept_and_a_smaller_batch_as_well() {
    let mut link = Link::new(1_000, 4 * LONGEST_TIMEOUT);
    assert!(!link.timed_out(Sent { event_bytes: 900, body_bytes: 900, ..sent(link, 0, link.timeout()) }));
    assert_eq!((link.bytes(), link.timeout(), link.is_slow()), (1_000, 4 * LONGEST_TIMEOUT, false));
}

#[test]
fn a_process_that_was_frozen_has_no_slow_link() {
    let mut link = Link::new(1 << 20, TIMEOUT);
    let sent = Sent { took: 3 * TIMEOUT, ..sent(link, 1_024, TIMEOUT) };
    assert!(!link.timed_out(sent) && !link.is_slow());
    assert_eq!(link.timeout(), TIMEOUT);
}

#[test]
fn what_breaks_twice_is_halved_and_stays_so_for_a_while() {
    let mut link = Link::new(1 << 20, TIMEOUT);
    let large = sent(link, 1_024, Duration::ZERO);
    assert!(!link.broke(large, false, NOW), "a connection can break for anything");
    assert_eq!(link.bytes(), 1 << 20);
    assert!(link.broke(large, true, NOW));
    assert_eq!((link.bytes(), link.is_slow()), (512 << 10, false), "the link itself is fast");
    link.arrived(Sent::default(), NOW + HELD / 2);
    assert_eq!(link.bytes(), 512 << 10);
    link.arrived(Sent::default(), NOW + HELD);
    assert_eq!(link.bytes(), 1 << 20);
}

#[test]
fn of_what_is_small_or_alone_nothing_is_learned_by_a_break() {
    let mut link = Link::new(1 << 20, TIMEOUT);
    assert!(!link.broke(sent(link, 64, Duration::ZERO), true, NOW));
    assert!(!link.broke(Sent { events: 1, ..sent(link, 800, Duration::ZERO) }, true, NOW));
    assert_eq!(link.bytes(), 1 << 20);
}

/// A server that stores what it is sent, and answers after `delay`; a link without limits.
fn copies_of_the_first(events: usize, kib: usize, ratio: usize, delay: Duration) -> u32 {
    let mut link = Link::new(1 << 20, TIMEOUT);
    let mut event_bytes = (kib << 10).min(link.bytes());
    for copies in 1.. {
        // A request ends a moment before its attempt does.
        let (timeout, body_bytes) = (link.timeout(), event_bytes / ratio);
        let sent = Sent { events, event_bytes, body_bytes, timeout, took: timeout.min(delay) };
        if delay < timeout {
            return copies;
        }
        if link.timed_out(sent) {
            event_bytes = event_bytes.min(link.bytes());
        }
    }
    unreachable!()
}

proptest! {
    #[test]
    fn a_server_that_answers_late_stores_four_copies_at_most(
        kib in 1_usize..2_000, ratio in 1_usize..20, percent in 100_u32..=400, is_alone: bool,
    ) {
        let delay = (TIMEOUT * percent / 100).min(LONGEST_TIMEOUT * 999 / 1_000);
        let events = if is_alone { 1 } else { 1_000 };
        prop_assert!(copies_of_the_first(events, kib, ratio, delay) <= 4);
    }

    /// Of a link that carries so many bytes a second: whatever the batch, it is through sooner or later, and no request
    /// grows to what does not pass for good.
    #[test]
    fn a_slow_link_is_passed(rate in 1_000_usize..200_000, kib in 1_usize..1_024) {
        let mut link = Link::new(1 << 20, TIMEOUT);
        let (mut left, mut requests, mut late) = (kib << 10, 0, 0);
        while left > 0 {
            let bytes = left.min(link.bytes());
            let needed = Duration::from_millis((bytes * 1_000 / rate) as u64);
            let took = needed.min(link.timeout());
            let sent = Sent { events: bytes / 200 + 1, event_bytes: bytes, body_bytes: bytes, timeout: link.timeout(), took };
            if needed >= link.timeout() {
                link.timed_out(sent);
                late += 1;
            } else {
                link.arrived(sent, NOW);
                left -= bytes;
            }
            requests += 1;
            prop_assert!(requests < 2_000);
        }
        prop_assert!(late <= 12 + requests / 4, "{late} of {requests} requests were late");
    }
}
