//! The events, at an even pace.

use std::thread;
use std::time::{Duration, Instant};

use crate::clients::Client;
use crate::message::{CAPTURED, Message};
use crate::poison::Poison;

const PER_SECOND: u32 = 100;

/// Has a client capture all events.
pub fn send(client: &dyn Client, poison: Poison, begun: Instant) {
    for number in 1..=CAPTURED {
        client.capture(&Message::numbered(number, poison));
        sleep_until(begun + Duration::from_secs(1) * number / PER_SECOND);
    }
}

/// Sleeps, if that moment is still to come.
pub fn sleep_until(moment: Instant) {
    thread::sleep(moment.saturating_duration_since(Instant::now()));
}
