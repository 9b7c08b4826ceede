//! A dispatch as the model sees it: what is being sent, and the parts behind it.

use super::*;

/// What an answer came to.
pub(super) enum Landing {
    /// The part was split, and its first half is sent.
    Split(Dispatch),
    /// The part is settled, and the next one is sent; these events were not sent.
    GoesOn(Dispatch, Vec<Slot>),
    /// The dispatch is over; these events were not sent.
    Over(Vec<Slot>),
}

/// Tells the engine what the server answered.
pub(super) fn answered(engine: &mut Engine, dispatch: Dispatch, answer: &Answer, now: Duration) -> Landing {
    let (parts, unsent) = (dispatch.later_parts().count(), unsent(&dispatch));
    match engine.finish_attempt(dispatch, answer, now, 0.5) {
        Some(next) if next.later_parts().count() > parts => Landing::Split(next),
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
pub(super) fn unsent(dispatch: &Dispatch) -> Vec<Slot> {
    dispatch.later_parts().rev().flatten().copied().collect()
}
