//! A sink that records, assertions that speak events, and the sink contract as a runnable suite.
//!
//! ```
//! use analytics_core::{Actor, Analytics, CopilotEvent};
//! use analytics_testkit::RecordingSink;
//!
//! struct Chat {
//!     analytics: Analytics,
//! }
//!
//! impl Chat {
//!     fn call_tool(&self, tool_name: &str) {
//!         let call = CopilotEvent::ToolCalled { session_id: "s1", tool_name, tool_call_id: "c7f3" };
//!         self.analytics.track(Actor::user("u1"), call);
//!     }
//! }
//!
//! let (sink, recorded) = RecordingSink::pair();
//! Chat { analytics: Analytics::new(sink) }.call_tool("search");
//!
//! // By kind, narrowed down:
//! recorded.assert_one(CopilotEvent::TOOL_CALLED).by(Actor::user("u1")).with("tool_name", "search");
//! // As a whole, but for an id that the service makes up:
//! recorded
//!     .assert_one(CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "" })
//!     .ignoring("tool_call_id");
//! recorded.assert_none(CopilotEvent::MESSAGE_SENT);
//! assert_eq!(recorded.count(CopilotEvent::TOOL_CALLED), 1);
//! ```
//!
//! Every test has a pair of its own, so tests run in parallel. Nothing is sent anywhere, and no global is set.
//!
//! # What a service really sends
//!
//! With the feature `server` there is a server to send to, `CaptureServer`, for tests of the whole way: the service
//! is configured as in production, but for its host and its key, and what arrives is asserted on as what is recorded.
//! The server fails on demand, and compares its count with the service's ledger.
//!

#![cfg_attr(docsrs, feature(doc_cfg))]
#![cfg_attr(feature = "server", doc = "```")]
#![cfg_attr(not(feature = "server"), doc = "```ignore")]
//! use analytics_core::{CopilotEvent, Ledger};
//! use analytics_testkit::{CaptureServer, Fault};
//!
//! let server = CaptureServer::start();
//! server.inject(Fault::status(503).times(2));
//! // Here the service tracks, sends to `server.url()` under `server.key()`, and shuts down with a ledger.
//! # let ledger = Ledger::new();
//! server.assert_balances(&ledger);
//! server.assert_refused_nothing();
//! server.arrived().assert_none(CopilotEvent::TOOL_CALLED);
//! ```
//!
//! # Where to look
//!
//! | to | see |
//! |---|---|
//! | record | [`RecordingSink`], [`Recorded`] |
//! | assert on events | [`Recorded::assert_one`], [`EventAssertion`], [`Expected`] |
//! | assert on order | [`Recorded::assert_sequence`], [`Recorded::journey`] |
//! | assert on persons and groups | [`Recorded::assert_identified`], [`Recorded::assert_alias`], [`Recorded::assert_group`] |
//! | wait for a spawned task | [`Recorded::wait_for`], [`Recorded::wait_for_blocking`] |
//! | set the time | [`ManualClock`] |
#![cfg_attr(feature = "contract", doc = "| test a sink of your own | [`contract::check`] |")]
#![cfg_attr(
    not(feature = "contract"),
    doc = "| test a sink of your own | `contract::check`, by the feature `contract` |"
)]
#![cfg_attr(feature = "server", doc = "| receive what a service sends | [`CaptureServer`], [`Fault`] |")]
#![cfg_attr(
    not(feature = "server"),
    doc = "| receive what a service sends | `CaptureServer`, by the feature `server` |"
)]
#![cfg_attr(feature = "mockall", doc = "| expect calls | [`MockAnalyticsSink`] |")]
#![cfg_attr(not(feature = "mockall"), doc = "| expect calls | `MockAnalyticsSink`, by the feature `mockall` |")]

// Each group uses only what stands in those above it.
mod clock;
#[cfg(feature = "mockall")]
mod mock;
mod strictness;
mod text;
mod wire;

mod expected;
mod recording;

mod selection;

mod report;

mod assertion;

mod recorded;

mod sink;

#[cfg(feature = "contract")]
pub mod contract;
#[cfg(feature = "server")]
mod server;

#[cfg(feature = "server")]
pub use analytics_inspector::{Fault, Verdict};

pub use crate::assertion::{AliasAssertion, EventAssertion, GroupAssertion, IdentifyAssertion};
pub use crate::clock::ManualClock;
pub use crate::expected::Expected;
#[cfg(feature = "mockall")]
pub use crate::mock::MockAnalyticsSink;
pub use crate::recorded::Recorded;
#[cfg(feature = "server")]
pub use crate::server::CaptureServer;
pub use crate::sink::RecordingSink;
