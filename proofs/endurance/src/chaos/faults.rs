//! Faults at random, those included that are final or somebody's on the way.

use analytics_inspector::Fault;
use fastrand::Rng;

pub(super) fn random(rng: &mut Rng) -> Fault {
    let times = rng.u64(1..4);
    match rng.u8(..20) {
        0 => Fault::status(rng.choice([404, 405, 421, 425, 460, 499]).unwrap_or(404)).times(times),
        1 => Fault::status(403).with_body("<html>Forbidden</html>").times(times),
        2 => Fault::status(503).with_header("Retry-After", "1").times(1),
        3 if rng.u8(0..8) == 0 => Fault::status(401),
        3 => Fault::over_quota(402).times(1),
        _ => crate::faults::random(rng),
    }
}
