//! What the service's code tracks a request's events with.

use std::ops::Deref;

use analytics_core::{
    Actor, ActorKind, Analytics, BindError, Flags, IntoDistinctId, LateActor, OwnedActor, Properties, ScopeBuilder,
    Tracker, Value,
};
use analytics_rules::posthog::may_be_a_persons;

use crate::log_target::TARGET;

/// What the service's code tracks a request's events with: a [`Tracker`] whose actor is found out while the request
/// runs. Cheap to clone; clones are of the same request.
///
/// Until somebody is signed in, events are of whom the client claims to be, or of nobody. From then on all are of the
/// user, those of other clones and of trackers made before included, and the layer's own.
#[derive(Clone, Debug)]
pub struct RequestHandle {
    tracker: Tracker<'static>,
    actor: LateActor,
    is_read: bool,
}

/// Who sends a request, said before any layer has read it: an authentication that runs outside the layer leaves it in
/// the request's extensions.
#[derive(Clone, Debug)]
pub struct SignedIn {
    actor: OwnedActor,
    /// In the order in which they were said.
    groups: Vec<(Box<str>, String)>,
    /// Whether somebody else was named after.
    is_contradicted: bool,
}

impl SignedIn {
    /// The user with this id.
    #[must_use]
    pub fn user<'u>(id: impl IntoDistinctId<'u>) -> Self {
        Self::actor(Actor::user(id))
    }

    /// An actor that is no user: another service that calls, say.
    #[must_use]
    pub fn actor(actor: Actor<'_>) -> Self {
        Self { actor: actor.into_owned(), groups: Vec::new(), is_contradicted: false }
    }

    /// The same, of a request that happens in this group: the tenant's.
    #[must_use]
    pub fn in_group<'v>(mut self, kind: &str, id: impl IntoDistinctId<'v>) -> Self {
        self.groups.push((kind.into(), id.into_distinct_id().to_string()));
        self
    }

    /// Says who sends the request where it is not known who reads it first: to the `handle` in its extensions, or by
    /// what is returned, which is to stand there in its place. `earlier` is what stood there so far; of two who are
    /// named the first stays, and the handle tells if the other is another.
    #[must_use = "it is to stand in the request's extensions"]
    pub fn name(handle: Option<&RequestHandle>, earlier: Option<Self>, actor: Actor<'_>) -> Option<Self> {
        match (handle, earlier) {
            (Some(handle), earlier) => {
                handle.bind(actor);
                earlier
            }
            (None, None) => Some(Self::actor(actor)),
            (None, Some(mut earlier)) => {
                earlier.is_contradicted |= earlier.actor.as_actor() != actor;
                Some(earlier)
            }
        }
    }
}

impl RequestHandle {
    /// A request of which nothing is known but `analytics`, the service's handle: where no layer has read it, which is
    /// logged once.
    #[must_use]
    pub fn unread(analytics: &Analytics) -> Self {
        if analytics.is_first("http: no layer") {
            tracing::warn!(
                target: TARGET,
                "a request's tracker is asked for before any layer has read the request: what it tracks has neither \
                 route nor session; add the layer, or let it stand outside of who asks; not told again"
            );
        }
        Self { is_read: false, ..Self::new(analytics, LateActor::new(Actor::nobody())) }
    }

    pub(crate) fn new(analytics: &Analytics, actor: LateActor) -> Self {
        Self { tracker: analytics.by_late(&actor), actor, is_read: true }
    }

    /// Whether a layer has read the request.
    #[must_use]
    pub fn is_read(&self) -> bool {
        self.is_read
    }

    pub(crate) fn late_actor(&self) -> &LateActor {
        &self.actor
    }

    /// Takes over what was said of the request's actor in its extensions.
    pub fn take_over(&self, signed_in: Option<&SignedIn>) {
        if let Some(SignedIn { actor, groups, is_contradicted }) = signed_in {
            self.bind(actor.as_actor());
            if !groups.is_empty() {
                self.bind_scope(|scope| groups.iter().for_each(|(kind, id)| _ = scope.group(kind, id)));
            }
            if *is_contradicted {
                self.tell(BindError::AlreadyBound);
            }
        }
    }

    /// Says who sends the request: for whoever has verified it, a layer or an extractor of the service's. Events from
    /// now on are this user's.
    ///
    /// Returns whether they are. They are not if the id is invalid or one that broken code sends for nobody's, such as
    /// `undefined` or `0`, or if another user was named before: the first one stays. Either is logged the first time.
    #[allow(clippy::must_use_candidate, reason = "what there is to do about it is in the log")]
    pub fn signed_in<'u>(&self, user_id: impl IntoDistinctId<'u>) -> bool {
        self.bind(Actor::user(user_id))
    }

    /// As [`signed_in`](Self::signed_in), for an actor that is no user: another service that calls, say.
    #[allow(clippy::must_use_candidate, reason = "what there is to do about it is in the log")]
    pub fn bind(&self, actor: Actor<'_>) -> bool {
        let id = actor.id();
        let (prefix, text) = id.parts();
        // Under such an id every event of the request would be dropped.
        let is_nobodys = actor.kind() == ActorKind::User && prefix.is_empty() && !may_be_a_persons(text);
        match if is_nobodys { Err(BindError::InvalidId) } else { self.actor.bind(actor) } {
            Ok(()) => true,
            Err(error) => {
                self.tell(error);
                false
            }
        }
    }

    /// Says what holds for the request's events from now on, and is known no earlier: the tenant, above all.
    /// `http_request` has it, too, and so has an error that the answer carries; a tracker that was made by
    /// [`with`](Self::with) or [`in_group`](Self::in_group) before has it not.
    ///
    /// It can be said once: the first stays. Returns whether it holds; it does not where no layer has read the request,
    /// either, in whose place a [`SignedIn`] in the request's extensions says the group.
    ///
    /// ```
    /// # use analytics_http::RequestHandle;
    /// fn authorized(request: &RequestHandle, user_id: &str, organization: &str) {
    ///     request.signed_in(user_id);
    ///     request.bind_scope(|scope| _ = scope.group("organization", organization));
    /// }
    /// ```
    #[allow(clippy::must_use_candidate, reason = "what there is to do about it is in the log")]
    pub fn bind_scope(&self, change: impl FnOnce(&mut ScopeBuilder<'_>)) -> bool {
        let is_bound = self.is_read && self.actor.bind_scope(self.tracker.analytics().scoped(change));
        if !is_bound && self.tracker.analytics().is_first("http: a second scope") {
            tracing::warn!(
                target: TARGET,
                "a request's scope stays what it was: it was bound before, or no layer has read the request; not told \
                 again"
            );
        }
        is_bound
    }

    #[cold]
    fn tell(&self, error: BindError) {
        let key = match error {
            BindError::AlreadyBound => "http: a second actor",
            _ => "http: an invalid actor",
        };
        if self.tracker.analytics().is_first(key) {
            tracing::warn!(
                target: TARGET,
                "a request's actor stays who it was: {error}; later ones of this kind are not told"
            );
        }
    }

    /// Whether somebody said who sends the request.
    #[must_use]
    pub fn is_signed_in(&self) -> bool {
        self.actor.is_bound()
    }

    /// The request's tracker, which this is as well.
    #[must_use]
    pub fn tracker(&self) -> &Tracker<'static> {
        &self.tracker
    }

    /// A tracker of the request whose every event has this property, as [`Tracker::with`].
    #[must_use]
    pub fn with<'v>(&self, key: &str, value: impl Into<Value<'v>>) -> Tracker<'static> {
        self.tracker.clone().with(key, value)
    }

    /// A tracker of the request whose every event has these properties, as [`Tracker::with_properties`].
    #[must_use]
    pub fn with_properties(&self, properties: &dyn Properties) -> Tracker<'static> {
        self.tracker.clone().with_properties(properties)
    }

    /// A tracker of the request whose every event happens in this group, as [`Tracker::in_group`].
    #[must_use]
    pub fn in_group<'v>(&self, kind: &str, id: impl IntoDistinctId<'v>) -> Tracker<'static> {
        self.tracker.clone().in_group(kind, id)
    }

    /// A tracker of the request whose every event tells these flags, as [`Tracker::with_flags`].
    #[must_use]
    pub fn with_flags(&self, flags: &Flags) -> Tracker<'static> {
        self.tracker.clone().with_flags(flags)
    }

    /// The request's tracker, for a spawned task. Its events follow whoever signs in later as well.
    #[must_use]
    pub fn into_owned(self) -> Tracker<'static> {
        self.tracker
    }
}

impl Deref for RequestHandle {
    type Target = Tracker<'static>;

    fn deref(&self) -> &Tracker<'static> {
        &self.tracker
    }
}
