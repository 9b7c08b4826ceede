//! Faults at random.

use std::time::Duration;

use analytics_inspector::Fault;
use fastrand::Rng;

/// One fault of those that a server, a proxy or a network has. Not a key that is refused: then nothing else would
/// happen for a minute.
pub(crate) fn random(random: &mut Rng) -> Fault {
    let millis = |random: &mut Rng, most| Duration::from_millis(random.u64(1..most));
    let times = random.u64(1..4);
    match random.u8(..16) {
        0..=3 => Fault::status(random.choice([500, 502, 503, 504, 429, 408]).unwrap_or(503)).times(times),
        4 => Fault::status(random.choice([400, 402, 404]).unwrap_or(400)),
        5 => Fault::status(413).if_content_exceeds(random.usize(500..20_000)).times(times),
        6 => Fault::redirect(302, "http://127.0.0.1:9/").times(times),
        7 => Fault::delay(millis(random, 400)).times(times),
        8 => Fault::never_answer(),
        9 => Fault::reset_before_request().times(times),
        10 => Fault::reset_during_request(random.u64(1..5_000)).times(times),
        11 => Fault::reset_after_request().times(times),
        12 => Fault::accept_then_reset(),
        13 => Fault::close_after_reply().times(times),
        14 => {
            if random.bool() {
                Fault::endless_body()
            } else {
                Fault::byte_by_byte(Duration::from_millis(1))
            }
        }
        _ => Fault::refuse_connections().during(millis(random, 300)),
    }
}
