//! Faults at random, of the server, of somebody on the way, and of the network.

use std::time::Duration;

use analytics_inspector::Fault;
use fastrand::Rng;

pub(super) fn random(rng: &mut Rng) -> Fault {
    let times = rng.u64(1..4);
    let millis = |rng: &mut Rng, most| Duration::from_millis(rng.u64(1..most));
    match rng.u8(..20) {
        0..=3 => Fault::status(rng.choice([500, 502, 503, 504, 429, 408]).unwrap_or(503)).times(times),
        4 => Fault::status(rng.choice([400, 402, 404, 405, 421, 425, 460, 499]).unwrap_or(400)).times(times),
        5 => Fault::status(413).if_content_exceeds(rng.usize(500..5_000)).times(times),
        6 => Fault::status(403).with_body("<html>Forbidden</html>").times(times),
        7 => Fault::redirect(302, "http://127.0.0.1:9/").times(times),
        8 => Fault::delay(millis(rng, 400)).times(times),
        9 => Fault::never_answer(),
        10 => Fault::reset_before_request().times(times),
        11 => Fault::reset_during_request(rng.u64(1..5_000)).times(times),
        12 => Fault::reset_after_request().times(times),
        13 => Fault::accept_then_reset(),
        14 => Fault::close_after_reply().times(times),
        15 => Fault::endless_body(),
        16 => Fault::byte_by_byte(Duration::from_millis(1)),
        17 => Fault::refuse_connections().during(millis(rng, 150)),
        18 => Fault::status(503).with_header("Retry-After", "1").times(1),
        _ if rng.u8(0..8) == 0 => Fault::status(401),
        _ => Fault::over_quota(402).times(1),
    }
}
