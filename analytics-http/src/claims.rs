//! What a client says of itself.

use std::borrow::Cow;

use analytics_core::DistinctId;
use analytics_rules::posthog::is_illegal;

use crate::head::RequestHead;

/// The headers in which a front end says whose request it is, and in which session.
///
/// By default they are those that PostHog's front ends send to the hosts that their setting `tracing_headers` lists.
/// Anybody can send them: they join events of a server to those of a browser, and prove nothing. A header that is there
/// twice is ignored, and so, whole, is a value that is blank, longer than 200 bytes, has control characters, or is one
/// of the words that broken code sends for an id, such as `undefined`.
#[derive(Clone, Debug)]
pub struct ClaimHeaders {
    actor: Cow<'static, str>,
    session: Cow<'static, str>,
    window: Cow<'static, str>,
}

impl Default for ClaimHeaders {
    fn default() -> Self {
        Self::new("x-posthog-distinct-id", "x-posthog-session-id", "x-posthog-window-id")
    }
}

impl ClaimHeaders {
    /// Headers of these names: for the client's id, for its session and for the window or tab.
    #[must_use]
    pub fn new(
        distinct_id: impl Into<Cow<'static, str>>,
        session_id: impl Into<Cow<'static, str>>,
        window_id: impl Into<Cow<'static, str>>,
    ) -> Self {
        let lower = |name: Cow<'static, str>| name.to_ascii_lowercase().into();
        Self { actor: lower(distinct_id.into()), session: lower(session_id.into()), window: lower(window_id.into()) }
    }

    /// Gives the id that the client says it has to `take`.
    pub(crate) fn distinct_id<T>(&self, head: &RequestHead<'_>, take: impl FnOnce(DistinctId<'_>) -> T) -> Option<T> {
        claim(head, &self.actor, take)
    }

    pub(crate) fn session_id<T>(&self, head: &RequestHead<'_>, take: impl FnOnce(DistinctId<'_>) -> T) -> Option<T> {
        claim(head, &self.session, take)
    }

    pub(crate) fn window_id<T>(&self, head: &RequestHead<'_>, take: impl FnOnce(DistinctId<'_>) -> T) -> Option<T> {
        claim(head, &self.window, take)
    }
}

/// A claim that is ignored is as good as none; one that is cut would be somebody else's.
fn claim<T>(head: &RequestHead<'_>, name: &str, take: impl FnOnce(DistinctId<'_>) -> T) -> Option<T> {
    head.only(name, |text| {
        let id = DistinctId::from(text);
        (id.is_valid() && !is_illegal(text)).then(|| take(id))
    })
}
