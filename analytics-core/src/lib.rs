//! Typed product-analytics events, the sink trait and exact accounting.
//!
//! A service builds one [`Analytics`] handle at start-up and passes it down. Events are types; a backend is an
//! [`AnalyticsSink`]; what became of every event stands in a [`Ledger`]. There is no global state, no I/O, no
//! runtime and no vendor in this crate.
//!
//! A program depends on `product-analytics`, which re-exports all of this and makes the handle from the environment. A
//! library that defines events, or a backend, depends on this crate.
//!
//! ```
//! use analytics_core::{Actor, Analytics, Event};
//!
//! #[derive(Event)]
//! #[event(name = "order_placed")]
//! struct OrderPlaced<'a> {
//!     order_id: &'a str,
//!     items: u32,
//! }
//!
//! struct Shop {
//!     analytics: Analytics,
//! }
//!
//! impl Shop {
//!     fn order(&self, user_id: &str, order_id: &str) {
//!         self.analytics.track(Actor::user(user_id), OrderPlaced { order_id, items: 2 });
//!     }
//! }
//!
//! // Any sink will do: this one has no branch to send anything to.
//! let shop = Shop { analytics: Analytics::new(analytics_core::Fanout::new()) };
//! shop.order("u1", "o-1");
//! assert_eq!(shop.analytics.ledger().captured(), 1);
//! ```
//!
//! | to | see |
//! |---|---|
//! | define events | [`Event`], [`Properties`], [`PropertyValue`], [`Json`] |
//! | tell of an error, a flag, a model call | [`Exception`], [`Tracker::flag_called`], [`AiGeneration`] |
//! | say who did it | [`Actor`], [`LateActor`] |
//! | say in what circumstances | [`Analytics::scoped`], [`ScopeBuilder`], [`Flags`] |
//! | track | [`Analytics`], [`Tracker`] |
//! | write a backend | [`AnalyticsSink`], [`Record`], [`Accounts`], [`json`] |
//! | wrap a backend | [`Filter`], [`Map`], [`Sample`], [`Fanout`], [`Router`] |
//! | alert on losses | [`Ledger`], [`DropReason`], [`Health`] |

#![cfg_attr(docsrs, feature(doc_cfg))]

// Derived code names `::analytics_core`, also in here.
#[allow(unused_extern_crates, reason = "used by derived code only")]
extern crate self as analytics_core;

// Each group uses only what stands in those above it.
mod bytes;
mod clock;
mod log_target;
#[doc(hidden)]
pub mod process;
#[doc(hidden)]
pub mod random;
pub mod unwind;

mod id;
mod lane;
mod once_per_key;
mod timeout;

mod ledger;

mod encoding;

pub mod json;
pub mod property;

mod actor;
mod context;
mod event;

mod record;

mod accounts;
mod sink;

#[cfg(feature = "serde")]
mod serialize;

mod standard;

mod analytics;
mod copilot;
mod wrap;

pub use analytics_derive::{Event, Properties, PropertyValue};
pub use analytics_rules::UnknownWord;
/// Writes the trait that sinks implement; re-exported so that a backend needs no version of its own.
pub use async_trait::async_trait;

pub use crate::accounts::{Accounts, Permit};
pub use crate::actor::{Actor, ActorKind, DistinctId, IntoDistinctId, MAX_DISTINCT_ID_BYTES, OwnedActor};
pub use crate::analytics::{
    AliasBuilder, Analytics, AnonymousAlias, BindError, EventBuilder, GroupIdentifyBuilder, IdentifyBuilder, LateActor,
    MAX_NAME_BYTES, ShutdownGuard, Tracker,
};
pub use crate::clock::{Clock, SystemClock};
pub use crate::context::{ContextKey, FlagValue, Flags, InvalidTrace, SpanId, TraceContext, TraceId};
pub use crate::copilot::CopilotEvent;
pub use crate::encoding::{Encoded, LeftOut, RecordPart, Refusal};
pub use crate::event::{DescribedEvent, DynamicEvent, Event, EventDescription, EventKind, NotAnObject, StandardEvent};
pub use crate::id::{EventId, InvalidEventId};
pub use crate::lane::Lane;
pub use crate::ledger::{Acknowledged, Captured, DropReason, Drops, LaneLedger, Ledger, Receipt, Settlement, Traffic};
pub use crate::once_per_key::OncePerKey;
pub use crate::property::{
    DescribedProperties, Json, Key, OwnedProperty, OwnedValue, Pairs, Privacy, Properties, Property,
    PropertyDescription, PropertyType, PropertyValue, PropertyVisitor, Value, ValueList,
};
pub use crate::record::{Action, OwnedAction, OwnedRecord, PersonUpdate, PropertyFilter, Record, ScopeBuilder};
pub use crate::sink::{AnalyticsSink, Health};
pub use crate::standard::{AiGeneration, AiTraceId, Exception, ExceptionLevel, FlagCalled, InvalidAiTraceId};
pub use crate::timeout::{block_on, timeout};
pub use crate::wrap::{Fanout, Filter, InvalidRate, Map, Router, Sample};
