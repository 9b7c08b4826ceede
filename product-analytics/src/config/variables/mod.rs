//! Configuration from variables.

mod environment;
mod key;
pub(crate) mod known;
mod names;
mod read;
mod value;

pub(crate) use self::read::read;
