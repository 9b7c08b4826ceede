//! PostHog's capture protocol. What is accepted, refused and answered follows PostHog's capture
//! source.

mod allowance;
mod arrival;
pub(crate) mod body;
pub(crate) mod cors;
mod encoding;
pub(crate) mod illegal_id;
mod json;
pub(crate) mod outcome;
mod person;
pub(crate) mod quota;
pub(crate) mod refusal;
mod reply;
mod silent;
mod sizes;
mod token;
pub(crate) mod v0;
pub(crate) mod v1;

pub(crate) use self::arrival::arrival;
pub(crate) use self::reply::Reply;
