//! Handles with something that holds for all their events.

use std::sync::Arc;

use super::Analytics;
use crate::actor::IntoDistinctId;
use crate::context::Flags;
use crate::property::{Properties, Value};
use crate::record::{Room, ScopeBuilder};

impl Analytics {
    /// A handle whose every event has this property, unless the event sets it itself. A handle made from this one
    /// inherits it. [`Value::Null`], which is what a `None` becomes, takes an inherited property away.
    #[must_use = "it is a new handle: this one stays as it is"]
    pub fn with<'v>(&self, key: &str, value: impl Into<Value<'v>>) -> Self {
        let value = value.into();
        self.changed(Room::for_value(key, value), |scope| {
            scope.property(key, value);
        })
    }

    /// A handle whose every event has these properties, as [`with`](Self::with) for each: derived ones, a map, pairs.
    #[must_use = "it is a new handle: this one stays as it is"]
    pub fn with_properties(&self, properties: &dyn Properties) -> Self {
        self.changed(Room::for_properties(properties), |scope| {
            scope.properties(properties);
        })
    }

    /// A handle whose every event happens in the group `id` of this kind: `in_group("company", "acme")`.
    #[must_use = "it is a new handle: this one stays as it is"]
    pub fn in_group<'v>(&self, kind: &str, id: impl IntoDistinctId<'v>) -> Self {
        let id = id.into_distinct_id();
        self.changed(Room::for_value(kind, id.value()), |scope| {
            scope.group(kind, id);
        })
    }

    /// A handle whose every event has to happen in a group of this kind, the handle's own or one that the call names:
    /// for a service of several tenants, whose events are worth nothing without theirs.
    ///
    /// An event without one, or with one whose id is blank, reaches no sink: it is counted as
    /// [`DropReason::MissingGroup`](crate::DropReason::MissingGroup), and logged the first time. What is told of a user
    /// or of a group itself needs none. A handle made from this one requires the same.
    ///
    /// ```
    /// # use analytics_core::{Actor, Analytics, CopilotEvent};
    /// fn main_handle(analytics: Analytics) -> Analytics {
    ///     analytics.requiring_group("organization")
    /// }
    ///
    /// fn request(analytics: &Analytics, organization_id: &str) {
    ///     let analytics = analytics.in_group("organization", organization_id);
    ///     analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
    /// }
    /// ```
    #[must_use = "it is a new handle: this one stays as it is"]
    pub fn requiring_group(&self, kind: &str) -> Self {
        self.changed(Room::for_value(kind, Value::Bool(true)), |scope| {
            scope.required_group(kind);
        })
    }

    /// A handle whose every event happens in this session of the client, under the id that its front end gave it.
    /// It is no property: an event's own `session_id` is another thing.
    #[must_use = "it is a new handle: this one stays as it is"]
    pub fn in_session<'v>(&self, id: impl IntoDistinctId<'v>) -> Self {
        self.scoped(|scope| {
            scope.session(id);
        })
    }

    /// A handle whose every event tells what these feature flags are for the actor, beside those that the handle tells
    /// already.
    #[must_use = "it is a new handle: this one stays as it is"]
    pub fn with_flags(&self, flags: &Flags) -> Self {
        self.changed(Room::for_properties(flags), |scope| {
            scope.flags(flags);
        })
    }

    /// A handle for whose every event `change` says what holds. It costs three allocations, and more only for lists and
    /// for more than a kilobyte of text or a dozen things; each of the methods that say one thing costs as many.
    ///
    /// ```
    /// use std::net::IpAddr;
    ///
    /// # use analytics_core::Analytics;
    /// fn request(analytics: &Analytics, session_id: Option<&str>, ip: IpAddr) -> Analytics {
    ///     analytics.scoped(|scope| {
    ///         scope.property("region", "eu").client_ip(ip);
    ///         if let Some(session_id) = session_id {
    ///             scope.session(session_id);
    ///         }
    ///     })
    /// }
    /// ```
    #[must_use = "it is a new handle: this one stays as it is"]
    pub fn scoped(&self, change: impl FnOnce(&mut ScopeBuilder<'_>)) -> Self {
        self.changed(Room::ANY, change)
    }

    fn changed(&self, room: Room, change: impl FnOnce(&mut ScopeBuilder<'_>)) -> Self {
        let scope = self.scope.changed(room, &self.shared.logged_keys, change);
        Self { shared: Arc::clone(&self.shared), scope: Arc::new(scope) }
    }
}
