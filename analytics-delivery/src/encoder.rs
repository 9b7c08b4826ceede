//! Writing a record down.

use std::fmt;

use analytics_core::{Encoded, EventId, Record, Refusal};

use crate::order::OrderKey;
use crate::route::Route;

/// Writes records down in a backend's form, on the caller's thread.
///
/// It runs the host's code (a `Serialize`, a `Display`), so it is called under no lock, and a panic in it costs
/// one event.
pub trait Encoder: fmt::Debug + Send + Sync + 'static {
    /// Appends the event to `out`, which is empty, and says which properties it left out. Each key is told of in the
    /// log once.
    ///
    /// # Errors
    /// Why the event has to be dropped; a [`DropReason`](analytics_core::DropReason) alone will do.
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, Refusal>;

    /// The route that the event takes: events of different routes never share a batch.
    fn route(&self, record: &Record<'_>) -> Route;

    /// Among which events of its route the record keeps its place, with [`Order::Actor`](crate::Order::Actor): usually
    /// those of its actor, [`OrderKey::of_record`]. [`OrderKey::NONE`] is for what may arrive in any order.
    fn order(&self, record: &Record<'_>) -> OrderKey;

    /// The id in an event that this encoder wrote, for whoever is told that it was dropped; `None` if the form has
    /// none.
    fn event_id(&self, event: &[u8]) -> Option<EventId>;
}
