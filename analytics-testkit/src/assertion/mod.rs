//! Assertions that are narrowed down, then checked.

mod check;
mod condition;
mod event;
mod group;
mod identify;
mod keys;
mod subject;

pub(crate) use self::check::{Check, Demand, fail, matching, only};
pub(crate) use self::condition::{Condition, Place};
pub use self::event::EventAssertion;
pub use self::group::GroupAssertion;
pub use self::identify::IdentifyAssertion;
pub(crate) use self::subject::Subject;
