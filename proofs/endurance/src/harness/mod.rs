//! What the proofs share: subprocesses that are watched, fixtures, and how memory, logs and time are read.

pub(crate) mod fixture;
pub(crate) mod log_lines;
pub(crate) mod measure;
pub(crate) mod plain_user;
pub(crate) mod subprocess;

pub use self::subprocess::Subprocess;
