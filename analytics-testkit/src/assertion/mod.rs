//! Assertions that are narrowed down, then checked.

mod check;
mod event;
mod group;
mod identify;
mod keys;

pub(crate) use self::check::{Check, fail, only};
pub use self::event::EventAssertion;
pub use self::group::GroupAssertion;
pub use self::identify::IdentifyAssertion;
