//! The analytics sink that does nothing, and counts it.
//!
//! It stands where no backend is configured, so that a service has no `Option<Client>` and no `if`:
//!
//! ```
//! use analytics_core::{Actor, Analytics, CopilotEvent, DropReason};
//! use analytics_noop::NoopSink;
//!
//! let analytics = Analytics::new(NoopSink::new());
//! analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
//! assert_eq!(analytics.ledger().dropped(DropReason::Disabled), 1);
//! assert_eq!(analytics.ledger().lost(), 0);
//! ```

#![cfg_attr(docsrs, feature(doc_cfg))]

mod sink;

pub use self::sink::NoopSink;
