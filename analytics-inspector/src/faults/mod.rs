//! Failing on demand.

mod armed;
mod condition;
mod effect;
mod fault;
mod report;
mod schedule;
mod share;
mod spec;
mod state;

pub use self::effect::Verdict;
pub use self::fault::Fault;
pub use self::report::FaultReport;

pub(crate) use self::armed::{ArmedFaults, Refusal};
pub(crate) use self::condition::Facts;
pub(crate) use self::effect::{Delivery, FaultEffect, ResetAt};
pub(crate) use self::spec::{FaultSpec, ReportSpec};
