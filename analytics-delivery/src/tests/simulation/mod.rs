//! The engine with its default settings on a virtual clock: hours of outage in seconds.
//!
//! ```text
//! Source ──capture──> Engine ──dispatches──> Server: up, down from then to then, up
//!    └────────── Simulation: the worker's loop, without its thread, its sockets and its sleep
//! ```

mod driver;
mod herd;
mod log;
mod order_table;
mod outage_table;
mod server;
mod source;

use std::time::Duration;

use self::driver::Simulation;
use self::server::{Serve, Server};
use self::source::{Bytes, Records, Source};
use crate::config::DeliveryConfig;
use crate::engine::Engine;
use crate::transport::Repeats;
