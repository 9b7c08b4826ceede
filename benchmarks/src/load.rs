//! The events, at an even pace.

use std::thread;
use std::time::{Duration, Instant};

use crate::clients::Client;
use crate::poison::Poison;

/// Events that are captured.
pub const CAPTURED: u32 = 4_333;

const PER_SECOND: u32 = 100;

/// An event of a chat service.
#[derive(Debug)]
pub struct Message {
    pub user: String,
    pub session: String,
    pub number: u32,
    pub length: u32,
    pub remark: &'static str,
}

impl Message {
    /// The event with this number; the first is 1.
    pub fn numbered(number: u32, poison: Poison) -> Self {
        Self {
            user: format!("user-{}", number % 500),
            session: format!("session-{}", number % 700),
            number,
            length: number * 37 % 2_000,
            remark: poison.remark(number),
        }
    }
}

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
