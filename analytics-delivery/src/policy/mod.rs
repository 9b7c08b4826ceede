//! Decisions, without a clock and without a socket.

mod batching;
mod bisect;
mod gate;
mod link;
mod retry;

pub(crate) use self::batching::{BatchPolicy, BatchStep, QueueView};
pub(crate) use self::bisect::BisectBudget;
pub(crate) use self::gate::{Gate, GateStep, Pause};
pub(crate) use self::link::{Link, Sent, is_costly};
pub(crate) use self::retry::{RetryPolicy, RetryStep};
