//! PostHog's capture protocol. What is accepted, refused and answered follows PostHog's capture
//! source.

mod arrival;
pub(crate) mod body;
mod encoding;
mod json;
mod refusal;
mod reply;
mod token;
pub(crate) mod v0;

pub(crate) use self::arrival::arrival;
pub(crate) use self::reply::Reply;
