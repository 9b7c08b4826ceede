//! A handle for one actor.

use super::{Analytics, EventBuilder, GroupIdentifyBuilder, LateActor};
use crate::actor::{Actor, ActorKind, IntoDistinctId, OwnedActor};
use crate::context::{FlagValue, Flags};
use crate::event::Event;
use crate::ledger::Acknowledged;
use crate::property::{Properties, Value};
use crate::record::ScopeBuilder;

/// A handle for one actor, to pass down; made by [`Analytics::by`].
///
/// It borrows the handle and the actor's id. A spawned task outlives both, and the compiler says so in its own words:
/// `borrowed data escapes`, or `does not live long enough`. What such a task gets is made by
/// [`into_owned`](Self::into_owned):
///
/// ```
/// # use analytics_core::{Actor, Analytics, CopilotEvent};
/// fn answer_later(analytics: &Analytics, user_id: &str) {
///     let user = analytics.by(Actor::user(user_id)).into_owned();
///     std::thread::spawn(move || {
///         user.track(CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
///     });
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Tracker<'a> {
    analytics: Handle<'a>,
    actor: Who<'a>,
}

#[derive(Clone, Debug)]
enum Handle<'a> {
    Borrowed(&'a Analytics),
    Owned(Analytics),
    /// Until the actor has a scope of its own.
    Late(Analytics),
}

#[derive(Clone, Debug)]
enum Who<'a> {
    Borrowed(Actor<'a>),
    Owned(OwnedActor),
    Late(LateActor),
}

impl<'a> Tracker<'a> {
    pub(super) fn new(analytics: &'a Analytics, actor: Actor<'a>) -> Self {
        Self { analytics: Handle::Borrowed(analytics), actor: Who::Borrowed(actor) }
    }

    pub(super) fn late(analytics: Analytics, actor: LateActor) -> Tracker<'static> {
        Tracker { analytics: Handle::Late(analytics), actor: Who::Late(actor) }
    }

    /// The actor; of a [late one](Analytics::by_late) who it is now.
    #[must_use]
    pub fn actor(&self) -> Actor<'_> {
        match &self.actor {
            Who::Borrowed(actor) => *actor,
            Who::Owned(actor) => actor.as_actor(),
            Who::Late(actor) => actor.actor(),
        }
    }

    /// The handle for any actor.
    #[must_use]
    pub fn analytics(&self) -> &Analytics {
        match (&self.analytics, &self.actor) {
            (Handle::Borrowed(analytics), _) => analytics,
            (Handle::Late(analytics), Who::Late(actor)) => actor.analytics().unwrap_or(analytics),
            (Handle::Owned(analytics) | Handle::Late(analytics), _) => analytics,
        }
    }

    /// Tracks an event of this actor.
    #[inline]
    pub fn track<E: Event>(&self, event: E) {
        self.analytics().track(self.actor(), event);
    }

    /// Tracks an event of this actor once there is room for it, as [`Analytics::track_when_room`].
    pub async fn track_when_room<E: Event>(&self, event: E) {
        self.analytics().track_when_room(self.actor(), event).await;
    }

    /// Tracks an event of this actor and returns the future of what became of it, as [`Analytics::send`].
    pub fn send<E: Event>(&self, event: E) -> Acknowledged {
        self.analytics().send(self.actor(), event)
    }

    /// Tells that a feature flag decided what this actor saw, once, as [`Analytics::flag_called`].
    pub fn flag_called(&self, key: &str, value: impl Into<FlagValue>) {
        self.analytics().flag_called(self.actor(), key, value);
    }

    /// Begins to tell what a group is, in the name of this actor, as [`Analytics::group_identify`]. Where the actor is
    /// nobody, or claimed, nobody is named.
    #[must_use = "nothing is tracked before `.track()`"]
    pub fn group_identify<'v>(&'v self, kind: &'v str, id: impl IntoDistinctId<'v>) -> GroupIdentifyBuilder<'v> {
        let actor = self.actor();
        // Of whom nothing is known, or nothing that is verified, a backend would make a person.
        let is_known = actor.kind() != ActorKind::Nobody && !actor.is_claimed();
        GroupIdentifyBuilder::new(self.analytics(), is_known.then_some(actor), kind, id.into_distinct_id())
    }

    /// Begins an event of this actor of which more is to be said.
    #[must_use = "nothing is tracked before `.track()`"]
    pub fn event<E: Event>(&self, event: E) -> EventBuilder<'_, E> {
        self.analytics().event(self.actor(), event)
    }

    /// A handle for the same actor whose every event has this property, as [`Analytics::with`].
    #[must_use]
    pub fn with<'v>(self, key: &str, value: impl Into<Value<'v>>) -> Self {
        self.changed(|analytics| analytics.with(key, value))
    }

    /// A handle for the same actor whose every event has these properties, as [`Analytics::with_properties`].
    #[must_use]
    pub fn with_properties(self, properties: &dyn Properties) -> Self {
        self.changed(|analytics| analytics.with_properties(properties))
    }

    /// A handle for the same actor whose every event happens in this group, as [`Analytics::in_group`].
    #[must_use]
    pub fn in_group<'v>(self, kind: &str, id: impl IntoDistinctId<'v>) -> Self {
        self.changed(|analytics| analytics.in_group(kind, id))
    }

    /// A handle for the same actor whose every event happens in this session, as [`Analytics::in_session`].
    #[must_use]
    pub fn in_session<'v>(self, id: impl IntoDistinctId<'v>) -> Self {
        self.changed(|analytics| analytics.in_session(id))
    }

    /// A handle for the same actor whose every event tells these flags, as [`Analytics::with_flags`].
    #[must_use]
    pub fn with_flags(self, flags: &Flags) -> Self {
        self.changed(|analytics| analytics.with_flags(flags))
    }

    /// A handle for the same actor for whose every event `change` says what holds, as [`Analytics::scoped`].
    #[must_use]
    pub fn scoped(self, change: impl FnOnce(&mut ScopeBuilder<'_>)) -> Self {
        self.changed(|analytics| analytics.scoped(change))
    }

    fn changed(self, change: impl FnOnce(&Analytics) -> Analytics) -> Self {
        let analytics = Handle::Owned(change(self.analytics()));
        Self { analytics, ..self }
    }

    /// A handle that borrows nothing: for a spawned task.
    #[must_use]
    pub fn into_owned(self) -> Tracker<'static> {
        let analytics = match self.analytics {
            Handle::Borrowed(analytics) => Handle::Owned(analytics.clone()),
            Handle::Owned(analytics) => Handle::Owned(analytics),
            Handle::Late(analytics) => Handle::Late(analytics),
        };
        let actor = match self.actor {
            Who::Borrowed(actor) => Who::Owned(actor.into_owned()),
            Who::Owned(actor) => Who::Owned(actor),
            Who::Late(actor) => Who::Late(actor),
        };
        Tracker { analytics, actor }
    }
}
