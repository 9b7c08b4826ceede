//! What analytics backends reserve and refuse: lengths, keys, names and ids, each rule once.
//!
//! The derive asks it at compile time, a backend when it writes an event down, the testkit's recording sink when it
//! stands in for one: what is refused in production is refused in a test. It has no dependencies and holds no types,
//! so that a proc macro can use it as well.
//!
//! A service does not need this crate.

// Each group uses only what stands in those above it.
mod limits;
mod trimmed;

pub mod posthog;

pub use self::limits::{MAX_DISTINCT_ID_BYTES, MAX_EVENT_NAME_BYTES, MAX_KEY_BYTES};
pub use self::trimmed::trimmed;
