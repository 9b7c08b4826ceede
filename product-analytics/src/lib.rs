//! Chooses analytics backends from the environment or a file, and yields one ready handle.
//!
//! ```no_run
//! use std::time::Duration;
//!
//! use product_analytics::{Actor, CopilotEvent};
//!
//! fn main() -> Result<(), product_analytics::ConfigErrors> {
//!     let analytics = product_analytics::from_env()?;
//!     let _guard = analytics.shutdown_on_drop(Duration::from_secs(10));
//!     analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
//!     Ok(())
//! }
//! ```
//!
//! Nothing is guessed: [`from_env`] yields a handle that does what was asked for, or [`ConfigErrors`] with everything
//! that is wrong. One line at start-up says where events go. Without a key that is nowhere, and the line says how to
//! see them.
//!
//! # Variables
//!
//! Each sets a field of [`AnalyticsConfig`], which a file fills as well.
//!
#![doc = include_str!("../docs/settings.md")]
//!
//! A blank value is as good as none. Booleans are `true`, `1`, `false` and `0`, durations have a unit (`5s`, `250ms`),
//! sizes have `KiB`, `MiB`, `GiB` or none. What the words mean stands with their types in [`config`]. In a build
//! without the backend `posthog` the settings of sending are not read.
//!
//! A value that stands in quotes, a placeholder that nothing has filled (`${KEY}`, `<key>`) and a whole line
//! (`NAME=value`) are errors that name the fix. So is whatever cannot be a project's key or PostHog's address.
//!
//! # Names that are not read
//!
//! Others write into a service's environment as well. So of the names that are not in the table
//!
//! - one that is nearly one of them is an error that names it: a slip of the finger (two in a name of ten letters or
//!   more), other capitals or underscores, and the other words for a key, the host and the switch, as `POSTHOG_URL` and
//!   `POSTHOG_DISABLED`; unless the right name says the same;
//! - one that announces a service of that name is passed over: `ANALYTICS_SERVICE_HOST`,
//!   `ANALYTICS_PORT=tcp://10.0.0.1:80` and the others that Kubernetes and Docker set;
//! - any other that begins with `ANALYTICS_` is named in one line at start
//!   ([`UnreadVariables`](config::UnreadVariables)), and is no error;
//! - the rest belongs to other programs, as `POSTHOG_PERSONAL_API_KEY` does. A front-end's key,
//!   `NEXT_PUBLIC_POSTHOG_KEY` say, is named at start if there is no other.
//!
//! `HTTPS_PROXY`, `ALL_PROXY` and `NO_PROXY` say which proxy leads to an `https` host. Events for a host without TLS
//! pass by all of them.
//!
//! [`explain_env`] tells what would be built and why. The program `analytics-doctor` says it for a terminal or a
//! pipeline, looks at the network, and sends a test event.
//!
//! In a test process, as far as that can be told, the PostHog backend refuses to start unless its host is this
//! machine. A warning says so and events are dropped; with `ANALYTICS_REQUIRED` it is an error.
//!
//! # Cargo features
//!
//! | feature | backend |
//! |---|---|
//! | `posthog` (default) | `posthog` |
//! | `inspector` | `inspector`; brings `posthog` |
//! | `log` | `log` |
//!
//! `rustls` (default), `rustls-no-provider` and `native-tls` say where the PostHog backend has TLS from. `chrono`,
//! `jiff`, `rust_decimal`, `time`, `url` and `uuid` make property values of those crates' types. `zstd` brings that
//! compression, `metrics` metrics, `bundled-roots` Mozilla's roots in the executable, for containers that have none. A
//! backend or a compression that is chosen and not compiled in is an error that names its feature.
//!
//! # What becomes of events
//!
//! The [`Ledger`] tells it in numbers, [`Analytics::health`] for a health check. [`AnalyticsConfig::build_observed`]
//! tells functions of every dropped event and every batch. With the feature `metrics` every handle's ledger is
//! exported: see [`analytics-metrics`](https://docs.rs/analytics-metrics). With the feature `serde` ledger and health
//! serialize.
//!
//! # One dependency
//!
//! All of [`analytics_core`] is re-exported here, derives included, so that a program needs this crate only:
//!
//! ```
//! use product_analytics::Event;
//!
//! #[derive(Event)]
//! #[event(name = "order_placed")]
//! struct OrderPlaced<'a> {
//!     order_id: &'a str,
//! }
//! ```
//!
//! A crate that defines events for others to track depends on `analytics-core` instead; the types are the same.

#![cfg_attr(docsrs, feature(doc_cfg))]

// Each group uses only what stands in those above it.
#[cfg(feature = "log")]
mod log;

pub mod config;

mod from_env;

pub use analytics_core;
pub use analytics_core::*;
// The same derives, which find the vocabulary in this crate; they win over those of the line above.
#[doc(inline)]
pub use analytics_derive::{
    ProductEvent as Event, ProductProperties as Properties, ProductPropertyValue as PropertyValue,
};
pub use analytics_noop::NoopSink;
#[cfg(feature = "posthog")]
pub use analytics_posthog::{
    AttemptResult, BatchReport, DroppedEvent, EventOptions, Observers, SinkSnapshot, TestProcess,
};

pub use crate::config::{AnalyticsConfig, ConfigErrors};
pub use crate::from_env::{explain_env, explain_vars, from_env, from_vars};
#[cfg(feature = "posthog")]
pub use crate::from_env::{from_env_observed, from_vars_observed};
#[cfg(feature = "log")]
pub use crate::log::LogSink;
