//! What goes wrong, and when.

use std::time::{Duration, Instant};

use analytics_inspector::{Fault, Inspector};

use crate::load;
use crate::poison;

/// The largest body that the server takes, in bytes on the wire: a gateway measures what it receives, and inflates
/// nothing.
const MAX_BODY_BYTES: usize = 20_000;

/// Arms what goes wrong all the time. It comes before any outage, in which it is answered as at any other time.
pub fn arm(inspector: &Inspector) {
    inspector.inject(Fault::status(413).if_wire_bytes_exceed(MAX_BODY_BYTES).always());
    inspector.inject(Fault::status(400).if_body_contains(poison::MARKER).always());
}

/// Plays the outages. They are over before the last event is captured.
pub fn play(inspector: &Inspector, begun: Instant) {
    let outages = [
        (3, Fault::status(503).during(Duration::from_secs(10))),
        (18, Fault::refuse_connections().during(Duration::from_secs(3))),
        (25, Fault::status(429).times(1)),
    ];
    for (second, outage) in outages {
        load::sleep_until(begun + Duration::from_secs(second));
        inspector.inject(outage);
    }
}
