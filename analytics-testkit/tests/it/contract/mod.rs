//! The sink contract, on the sinks of this crate and of the core, and on sinks that break it.
//!
//! The core's own sinks are checked here: a core that depended on its testkit would meet a second self.

mod broken;
mod kept;
