//! The events that both clients capture.

use crate::poison::{EVERY, Poison};

/// Events that are captured.
pub const CAPTURED: u32 = 4_333;

/// So many of the events are poison, wherever they stand.
pub const POISONED: u32 = CAPTURED / EVERY;

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
