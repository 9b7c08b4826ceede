//! What holds for the events of one HTTP request, read from it, whatever the framework.
//!
//! A service depends on `analytics-tower` (axum, tonic, any tower service) or on `analytics-actix`, which re-export
//! this. A crate for another framework is made of it: [`RequestOptions::begin`] reads a [`RequestHead`] and gives the
//! [`RequestHandle`] that the service's code tracks with, and the [`InFlight`] that is told how the request ended.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Each group uses only what stands in those above it.
mod event;
mod field;
mod head;
mod log_target;

mod claims;
mod client_ip;
mod handle;

mod in_flight;

mod polled;

mod options;

pub use self::claims::ClaimHeaders;
pub use self::client_ip::{ClientIp, InvalidProxy};
pub use self::event::{HttpRequest, RequestOutcome};
pub use self::field::{RequestDuration, RequestField};
pub use self::handle::{RequestHandle, SignedIn};
pub use self::head::RequestHead;
pub use self::in_flight::InFlight;
pub use self::options::RequestOptions;
pub use self::polled::Polled;
