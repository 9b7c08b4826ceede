//! An [OpenFeature](https://openfeature.dev) hook that tells which feature flags decided something.
//!
//! ```
//! use analytics_core::Tracker;
//! use analytics_open_feature::FlagHook;
//! use open_feature::{Client, EvaluationOptions};
//!
//! async fn has_new_checkout(flags: &Client, user: &Tracker<'_>) -> bool {
//!     let options = EvaluationOptions::default().with_hook(FlagHook::new(user.clone()));
//!     flags.get_bool_value("new-checkout", None, Some(&options)).await.unwrap_or(false)
//! }
//! ```
//!
//! Each evaluation that succeeds is an exposure, told by
//! [`Tracker::flag_called`](analytics_core::Tracker::flag_called) once for an actor, a flag and its value. To put the
//! values on other events, a service collects them in [`Flags`](analytics_core::Flags).

#![cfg_attr(docsrs, feature(doc_cfg))]

mod hook;

pub use self::hook::FlagHook;
