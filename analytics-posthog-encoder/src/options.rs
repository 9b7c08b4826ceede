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
/// let options = EventOptions::new().keep_timestamp().product_tour("tour-1");
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

    /// Tells the event's actor apart without an id (`$cookieless_mode`). The event then needs the client's
    /// `$raw_user_agent` and `$host` as properties: without them it is refused, since PostHog would lose it.
    #[must_use]
    pub const fn cookieless(mut self) -> Self {
        self.cookieless = Some(true);
        self
    }

    /// Keeps the event's time as it is, not corrected by how far the sender's clock is off (`$ignore_sent_at`): right
    /// for a server whose clock is right, and for imports.
    #[must_use]
    pub const fn keep_timestamp(mut self) -> Self {
        self.keep_timestamp = Some(true);
        self
    }

    /// The product tour that the event belongs to (`$product_tour_id`).
    #[must_use]
    pub fn product_tour(mut self, id: impl Into<Cow<'a, str>>) -> Self {
        self.product_tour = Some(id.into());
        self
    }

    /// Makes a person of the actor, or changes it, whatever the actor's kind (`$process_person_profile`).
    #[must_use]
    pub const fn with_person_profile(mut self) -> Self {
        self.person_profile = Some(true);
        self
    }

    /// Makes no person of the actor and changes none, whatever the actor's kind (`$process_person_profile`).
    #[must_use]
    pub const fn without_person_profile(mut self) -> Self {
        self.person_profile = Some(false);
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
