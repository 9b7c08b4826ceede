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
//! A service does not need this crate: a backend of its own does, in about a hundred lines.
//!
//! ```
//! use std::time::{Duration, Instant};
//!
//! use analytics_core::{Actor, Analytics, CopilotEvent, EventId, Record};
//! use analytics_delivery::{
//!     Answer, Batch, DeliveryConfig, DeliverySink, Encoded, Encoder, OrderKey, Outcome, Refusal, Repeats,
//!     Route, Transport,
//! };
//!
//! #[derive(Debug)]
//! struct Lines;
//!
//! impl Encoder for Lines {
//!     fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, Refusal> {
//!         out.extend_from_slice(record.to_string().as_bytes());
//!         Ok(Encoded::default())
//!     }
//!
//!     fn route(&self, record: &Record<'_>) -> Route {
//!         Route::of(record)
//!     }
//!
//!     fn order(&self, record: &Record<'_>) -> OrderKey {
//!         OrderKey::of_record(record)
//!     }
//!
//!     fn event_id(&self, _event: &[u8]) -> Option<EventId> {
//!         None
//!     }
//! }
//!
//! #[derive(Debug)]
//! struct Printer;
//!
//! #[analytics_core::async_trait]
//! impl Transport for Printer {
//!     async fn send(&self, batch: &Batch<'_>, _deadline: Instant) -> Answer {
//!         for event in batch.events() {
//!             println!("{}", String::from_utf8_lossy(event.bytes()));
//!         }
//!         Answer::new(Outcome::Delivered)
//!     }
//!
//!     fn destination(&self) -> String {
//!         "standard output".to_owned()
//!     }
//!
//!     fn repeats(&self) -> Repeats {
//!         Repeats::Divisible
//!     }
//! }
//!
//! # fn main() -> Result<(), analytics_delivery::SpawnError> {
//! let analytics = Analytics::new(DeliverySink::spawn(Lines, Printer, DeliveryConfig::default())?);
//! analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
//! assert_eq!(analytics.shutdown_blocking(Duration::from_secs(10)).delivered(), 1);
//! # Ok(())
//! # }
//! ```
//!
//! # Order
//!
//! Events of one [route](Route) with one [`OrderKey`] arrive in the order in which they were captured: no request with
//! one of them begins while an earlier one is on its way, or waits to be sent again. A queue has 256 partitions, by the
//! key's hash, and each is in one request at most. So one request that fails holds up the actors of its events, and
//! those who share a partition with them; one that fails again and again while others pass is halved by partition and
//! then by place, until its culprit holds up its own partition alone. What a server could not keep of a batch while it
//! took the rest holds up its own actors alone. [`Order::None`](Order) gives this up.
//!
//! An event is encoded once. Every attempt sends the same bytes, so its id, time, name and actor are frozen.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Each group uses only what stands in those above it.
mod answer;
mod log_target;
mod order;
mod own_threads;
mod queue;
mod route;
mod scratch;
#[cfg(feature = "serde")]
pub mod serde_units;
mod sync;

mod batch;
mod config;
mod encoder;
mod tickets;

mod policy;
mod transport;

mod engine;

mod engine_lock;
mod health;
mod log;
mod losses;
mod observe;

mod fork;

mod shared;

mod worker;

mod sink;

#[cfg(test)]
mod tests;

pub use analytics_core::{Encoded, Health, LeftOut, Refusal, UnknownWord};

pub use self::answer::{Answer, AttemptResult, Outcome, Verdict};
pub use self::batch::{Batch, BatchEvent};
pub use self::config::{DeliveryConfig, Overflow};
pub use self::encoder::Encoder;
pub use self::observe::{BatchReport, DroppedEvent, Observers, SinkSnapshot};
pub use self::order::{Order, OrderKey};
pub use self::route::Route;
pub use self::sink::{DeliverySink, SpawnError};
pub use self::transport::{Repeats, Transport};
