//! A flight as the model sees it: what is being sent, and the parts behind it.

use super::*;

/// What an answer came to.
pub(super) enum Landing {
    /// The part was split, and its first half is sent.
    Split(Flight),
    /// The part is settled, and the next one is sent; these events were not sent.
    GoesOn(Flight, Vec<Slot>),
    /// The flight is over; these events were not sent.
    Over(Vec<Slot>),
}

/// Tells the engine what the server answered.
pub(super) fn answered(engine: &mut Engine, flight: Flight, answer: &Answer, now: Duration) -> Landing {
    let (parts, unsent) = (flight.parts.len(), unsent(&flight));
    match engine.land(flight, answer, now, 0.5) {
        Some(next) if next.parts.len() > parts => Landing::Split(next),
        Some(next) => {
            let is_left =
                |slot: &Slot| next.leased.slots.iter().chain(&self::unsent(&next)).any(|left| left.id == slot.id);
            let held_back = unsent.into_iter().filter(|slot| !is_left(slot)).collect();
            Landing::GoesOn(next, held_back)
        }
        None => Landing::Over(unsent),
    }
}

/// The events of parts that were not sent yet, in their order.
pub(super) fn unsent(flight: &Flight) -> Vec<Slot> {
    flight.parts.iter().rev().flat_map(|part| part.leased.slots.clone()).collect()
}
