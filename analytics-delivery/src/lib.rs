//! The engine that every remote analytics backend shares: queue, batches, retries, flush, shutdown and exact
//! accounting, on one thread of its own.
//!
//! A backend is an [`Encoder`], which writes a record down on the caller's thread, and a [`Transport`], which sends
//! batches of what was written. [`DeliverySink`] is the sink they make:
//!
//! ```text
//! caller's thread                                    worker: one OS thread with a runtime of its own
//!   track → Record on the stack                        leases a range of the queue: count, bytes, age  (pure)
//!    └ Encoder into this thread's scratch buffer        └ Transport::send, a few in flight, with a deadline
//!    └ one short lock: phase, room, append               └ what next: settle, retry, split, drop        (pure)
//!                                                         └ each event settles exactly once → Ledger
//! ```
//!
//! An event is encoded once. Every attempt sends the same bytes, so its id, time, name and actor are frozen.

mod batch;
mod config;
mod encoder;
mod engine;
mod health;
mod policy;
mod queue;
mod route;
mod scratch;
mod shared;
mod sink;
mod transport;
mod worker;

pub use self::batch::{Batch, BatchEvent};
pub use self::config::{DeliveryConfig, Overflow};
pub use self::encoder::{Encoded, Encoder};
pub use self::health::Health;
pub use self::route::Route;
pub use self::sink::{DeliverySink, SpawnError};
pub use self::transport::{Answer, Outcome, Transport, Verdict};
