//! What the copilot can do. Knows nothing of HTTP and nothing of analytics.

mod agent;
mod automation;
mod cron;
mod feed;
mod id;
mod library;
mod reply;
mod tools;

pub(crate) use self::agent::Agent;
pub(crate) use self::automation::Trigger;
pub(crate) use self::cron::Cron;
pub(crate) use self::feed::Feed;
pub(crate) use self::id::fresh;
pub(crate) use self::library::Library;
pub(crate) use self::reply::reply;
pub(crate) use self::tools::{CallError, call};
