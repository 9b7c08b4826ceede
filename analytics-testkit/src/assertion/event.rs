//! Assertions on events.

use analytics_core::{Actor, ContextKey, IntoDistinctId, OwnedRecord, Value};

use super::check::Check;
use crate::expected::{Condition, RecordField};
use crate::wire::Wire;

/// An assertion on events, made by [`Recorded::assert_one`](crate::Recorded::assert_one) and its like.
///
/// Each method narrows down which records are meant. The assertion is checked when its statement ends; end it with
/// [`record`](Self::record) or [`records`](Self::records) to keep what was found:
///
/// ```
/// # use analytics_core::{Actor, Analytics, CopilotEvent};
/// # use analytics_testkit::RecordingSink;
/// # let (sink, recorded) = RecordingSink::pair();
/// # let call = CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "c7f3" };
/// # Analytics::new(sink).track(Actor::user("u1"), call);
/// recorded.assert_one(CopilotEvent::TOOL_CALLED).by(Actor::user("u1")).with("tool_name", "search");
///
/// let record = recorded.assert_one(CopilotEvent::TOOL_CALLED).record();
/// assert_eq!(record.properties().len(), 3);
/// ```
///
/// Values are compared as they are on the wire: `3_u64` is `3_i32` is `3.0`, an address is its string, a unit enum is
/// its name. A key that neither the event's type nor any record of that name knows is a slip of the pen, and fails.
///
/// # Where it fails
///
/// As soon as no record is left, at the line of the method that took the last one. That too many are left, or that
/// the properties of a whole event are not the same, is known only at the end of the statement: such a message begins
/// with the file and line of the assertion.
#[derive(Debug)]
pub struct EventAssertion(Check);

#[expect(
    clippy::must_use_candidate,
    clippy::return_self_not_must_use,
    reason = "the assertion is checked when it is dropped; nothing has to be done with it"
)]
impl EventAssertion {
    pub(crate) fn new(check: Check) -> Self {
        Self(check)
    }

    /// Only events of this actor, which is a kind and an id; by a [claimed](Actor::claimed) one only those whose id
    /// nobody has verified, and by [nobody](Actor::nobody) those of anybody who is nobody. Of events that arrived at a
    /// server only the id is compared: nobody tells it what an actor is.
    #[track_caller]
    pub fn by(self, actor: Actor<'_>) -> Self {
        self.require(Condition::actor(actor))
    }

    /// Only events with this property, wherever it came from: the event, the call or the scope. A `None` is a
    /// property that is absent.
    ///
    /// A type with [`PropertyValue`](analytics_core::PropertyValue) is given by reference: `with("plan", &Plan::Pro)`.
    #[track_caller]
    pub fn with<'v>(self, key: &str, value: impl Into<Value<'v>>) -> Self {
        self.require(Condition::value(RecordField::Property, key, Wire::of(value.into())))
    }

    /// Only events without this property.
    #[track_caller]
    pub fn without(self, key: &str) -> Self {
        self.require(Condition::value(RecordField::Property, key, None))
    }

    /// Does not compare this property of a whole event: an id or a time that the service makes up. It must be one
    /// that the event has; for a kind or a name, which compare nothing, it changes nothing.
    #[track_caller]
    pub fn ignoring(mut self, key: &str) -> Self {
        self.0.ignore(key);
        self
    }

    /// Only events that happened in this group.
    #[track_caller]
    pub fn in_group<'v>(self, kind: &str, id: impl IntoDistinctId<'v>) -> Self {
        self.require(Condition::value(RecordField::Group, kind, Wire::of(id.into_distinct_id().value())))
    }

    /// Only events that happened in this session of the client, as
    /// [`Analytics::in_session`](analytics_core::Analytics::in_session) says it.
    #[track_caller]
    pub fn in_session<'v>(self, id: impl IntoDistinctId<'v>) -> Self {
        self.with_context(ContextKey::SessionId, id.into_distinct_id().value())
    }

    /// Only events in this circumstance, which is compared as a text: a client's address, a trace's id. A `None`: of
    /// which it is not known.
    #[track_caller]
    pub fn with_context<'v>(self, key: ContextKey, value: impl Into<Value<'v>>) -> Self {
        self.require(Condition::value(RecordField::Context, key.as_str(), Wire::of(value.into())))
    }

    /// Only events that tell this value of a feature flag. A `None`: that tell none.
    #[track_caller]
    pub fn with_flag<'v>(self, key: &str, value: impl Into<Value<'v>>) -> Self {
        self.require(Condition::value(RecordField::Flag, key, Wire::of(value.into())))
    }

    /// Only events that set this property of the actor's person. A `None`: that do not set it.
    #[track_caller]
    pub fn person_set<'v>(self, key: &str, value: impl Into<Value<'v>>) -> Self {
        self.require(Condition::value(RecordField::Set, key, Wire::of(value.into())))
    }

    /// Only events that set this property of the actor's person unless it was set before. A `None`: that do not.
    #[track_caller]
    pub fn person_set_once<'v>(self, key: &str, value: impl Into<Value<'v>>) -> Self {
        self.require(Condition::value(RecordField::SetOnce, key, Wire::of(value.into())))
    }

    /// Only events that remove this property of the actor's person.
    #[track_caller]
    pub fn person_unset(self, key: &str) -> Self {
        self.require(Condition::value(RecordField::Unset, key, Wire::text(key)))
    }

    /// Checks the assertion now, and gives the one record that it is about, for checks of your own.
    ///
    /// # Panics
    /// If the assertion fails, or is not about one record.
    #[track_caller]
    pub fn record(self) -> OwnedRecord {
        super::check::only(&self.0.decide())
    }

    /// Checks the assertion now, and gives the records that it is about, in the order of capture.
    ///
    /// # Panics
    /// If the assertion fails.
    #[track_caller]
    pub fn records(self) -> Vec<OwnedRecord> {
        self.0.decide().iter().map(|record| (**record).clone()).collect()
    }

    #[track_caller]
    fn require(mut self, condition: Condition) -> Self {
        self.0.require(condition);
        self
    }
}
