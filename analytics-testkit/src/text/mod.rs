//! Words and lines for people.

mod clip;
mod closest;

pub(crate) use self::clip::{line, pair};
pub(crate) use self::closest::{closest, listed};
