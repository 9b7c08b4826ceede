//! Values as text, as people write it.

pub(crate) mod invalid;
pub(crate) mod redacted;
mod suggest;

pub(crate) use self::suggest::closest;
