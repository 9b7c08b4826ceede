//! Handles with something that holds for all their events.

use std::sync::Arc;

use super::Analytics;
use crate::actor::IntoDistinctId;
use crate::property::{Properties, Value};
use crate::record::Scope;

impl Analytics {
    /// A handle whose every event has this property, unless the event sets it itself. A handle made from this one
    /// inherits it. [`Value::Null`], which is what a `None` becomes, takes an inherited property away.
    #[must_use = "it is a new handle: this one stays as it is"]
    pub fn with<'v>(&self, key: &str, value: impl Into<Value<'v>>) -> Self {
        self.scoped(self.scope.with(key, value.into(), &self.shared.left_out_keys))
    }

    /// A handle whose every event has these properties, as [`with`](Self::with) for each: derived ones, a map, pairs.
    #[must_use = "it is a new handle: this one stays as it is"]
    pub fn with_properties(&self, properties: &dyn Properties) -> Self {
        self.scoped(self.scope.with_all(properties, &self.shared.left_out_keys))
    }

    /// A handle whose every event happens in the group `id` of this kind: `in_group("company", "acme")`.
    #[must_use = "it is a new handle: this one stays as it is"]
    pub fn in_group<'v>(&self, kind: &str, id: impl IntoDistinctId<'v>) -> Self {
        self.scoped(self.scope.in_group(kind, id.into_distinct_id().value()))
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
        self.scoped(self.scope.requiring_group(kind))
    }

    fn scoped(&self, scope: Scope) -> Self {
        Self { shared: Arc::clone(&self.shared), scope: Arc::new(scope) }
    }
}
