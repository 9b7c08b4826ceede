//! Configuration from variables.

mod environment;
mod key;
mod names;
mod read;

pub(crate) use self::read::read;
