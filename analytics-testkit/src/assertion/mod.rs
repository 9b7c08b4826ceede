//! Assertions that are narrowed down, then checked.

mod alias;
mod check;
mod event;
mod group;
mod identify;
mod keys;

pub use self::alias::AliasAssertion;
pub(crate) use self::check::{Check, fail};
pub use self::event::EventAssertion;
pub use self::group::GroupAssertion;
pub use self::identify::IdentifyAssertion;
