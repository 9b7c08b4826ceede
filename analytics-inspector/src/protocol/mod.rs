//! PostHog's capture protocol. What is accepted, refused and answered follows PostHog's capture
//! source.

mod allowance;
mod arrival;
pub(crate) mod body;
mod cors;
mod encoding;
mod exchange;
pub(crate) mod flags;
pub(crate) mod illegal_id;
mod json;
mod outcome;
mod person;
mod quota;
mod refusal;
mod reply;
mod silent;
mod sizes;
pub(crate) mod time;
mod token;
pub(crate) mod v0;
pub(crate) mod v1;

pub(crate) use self::arrival::arrival;
pub(crate) use self::reply::Reply;
