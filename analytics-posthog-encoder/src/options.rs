//! What PostHog is to do with one event.

use std::borrow::Cow;

use analytics_core::{Key, Properties, PropertyVisitor, Value};

/// What PostHog is to do with one event: v1's options, which in v0 are properties.
///
/// ```
/// # use analytics_core::{Actor, Analytics, Fanout};
/// use analytics_core::DynamicEvent;
/// use analytics_posthog_encoder::EventOptions;
///
/// # let analytics = Analytics::new(Fanout::new());
/// let options = EventOptions::new().keep_timestamp(true).product_tour("tour-1");
/// analytics.event(Actor::user("u1"), DynamicEvent::new("imported")).properties(&options).track();
/// ```
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EventOptions<'a> {
    cookieless: Option<bool>,
    keep_timestamp: Option<bool>,
    product_tour: Option<Cow<'a, str>>,
    person_profile: Option<bool>,
}

impl<'a> EventOptions<'a> {
    /// No options: PostHog does as its project says.
    #[must_use]
    pub const fn new() -> Self {
        Self { cookieless: None, keep_timestamp: None, product_tour: None, person_profile: None }
    }

    /// Whether the event is told apart without an id (`$cookieless_mode`). It then needs the client's `$raw_user_agent`
    /// and `$host` as properties: without them it is refused, since PostHog would lose it.
    #[must_use]
    pub const fn cookieless(mut self, cookieless: bool) -> Self {
        self.cookieless = Some(cookieless);
        self
    }

    /// Whether the event's time stays as it is, and is not corrected by how far the sender's clock is off
    /// (`$ignore_sent_at`): right for a server whose clock is right, and for imports.
    #[must_use]
    pub const fn keep_timestamp(mut self, keep: bool) -> Self {
        self.keep_timestamp = Some(keep);
        self
    }

    /// The product tour that the event belongs to (`$product_tour_id`).
    #[must_use]
    pub fn product_tour(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.product_tour = Some(id.into());
        self
    }

    /// Whether the event makes or changes its actor's person (`$process_person_profile`). By default the actor's kind
    /// decides it.
    #[must_use]
    pub const fn person_profile(mut self, has_one: bool) -> Self {
        self.person_profile = Some(has_one);
        self
    }
}

impl Properties for EventOptions<'_> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        let Self { cookieless, keep_timestamp, product_tour, person_profile } = self;
        let mut option = |key: &Key<'_>, value: Option<Value<'_>>| {
            if let Some(value) = value {
                visitor.value(key, value);
            }
        };
        option(const { &Key::literal("$cookieless_mode") }, cookieless.map(Value::Bool));
        option(const { &Key::literal("$ignore_sent_at") }, keep_timestamp.map(Value::Bool));
        option(const { &Key::literal("$product_tour_id") }, product_tour.as_deref().map(Value::Str));
        option(const { &Key::literal("$process_person_profile") }, person_profile.map(Value::Bool));
    }
}
