//! Decisions, without a clock and without a socket.

mod back_off;
mod batching;
mod bisect;
mod link;
mod retry;

pub(crate) use self::back_off::{BackOff, BackOffStep, Pause};
pub(crate) use self::batching::{BatchPolicy, BatchStep, QueueView};
pub(crate) use self::bisect::BisectBudget;
pub(crate) use self::link::{Link, Sent, is_costly};
pub(crate) use self::retry::{RetryPolicy, RetryStep};
