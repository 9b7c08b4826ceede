//! Which events cost the whole request that they are in: one in a hundred.

/// In the remark of such an event.
pub const MARKER: &str = "poison";

/// One event in so many is poison.
pub const EVERY: u32 = 100;

/// Where the poison stands among the events.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Poison {
    /// In every hundredth event. No hundred in a row is free of it.
    EveryHundredth,
    /// By lot, the same in every run. Of the 43 whole hundreds 18 are free of it.
    ByLot,
}

impl Poison {
    /// What the event with this number says of itself.
    pub fn remark(self, number: u32) -> &'static str {
        let is_poison = match self {
            Self::EveryHundredth => number.is_multiple_of(EVERY),
            Self::ByLot => lot(number).is_multiple_of(u64::from(EVERY)),
        };
        if is_poison { MARKER } else { "fine" }
    }
}

/// Numbers that look drawn. The seed is one with which as many events are poison as they are in the other place.
fn lot(number: u32) -> u64 {
    const SEED: u64 = 3_000;
    let mixed = (u64::from(number) + SEED).wrapping_mul(0x9e37_79b9_7f4a_7c15);
    let mixed = (mixed ^ (mixed >> 31)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    mixed ^ (mixed >> 29)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::message::{CAPTURED, POISONED};

    #[test]
    fn as_many_events_are_poison_wherever_it_stands() {
        for poison in [Poison::EveryHundredth, Poison::ByLot] {
            let poisoned = (1..=CAPTURED).filter(|number| poison.remark(*number) == MARKER).count();
            assert_eq!(poisoned, POISONED as usize, "{poison:?}");
        }
    }
}
