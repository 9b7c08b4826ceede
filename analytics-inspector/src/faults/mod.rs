//! Failing on demand.

mod armed;
mod fault;
mod wire;

pub use self::fault::Fault;

pub(crate) use self::armed::ArmedFaults;
pub(crate) use self::fault::Course;
pub(crate) use self::wire::FaultSpec;
