//! Configuration from variables.

mod environment;
mod key;
mod read;

pub(crate) use self::read::read;
