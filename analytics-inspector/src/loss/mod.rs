//! Why an event or a request is not stored, in words for programs, and what to change.

mod fix;
mod reason;

pub(crate) use self::reason::LossReason;
