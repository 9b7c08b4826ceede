//! Which requests a fault is for.

/// Conditions on a request that was read. All that are set have to hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Condition {
    pub(super) wire_bytes_over: Option<usize>,
    pub(super) content_bytes_over: Option<usize>,
    /// In the content of the request; of a verdict, in the event.
    pub(super) contains: Option<String>,
}

/// What a request turned out to be.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Facts<'a> {
    pub(crate) wire_bytes: usize,
    pub(crate) content_bytes: usize,
    pub(crate) content: &'a [u8],
    /// The events that get verdicts of their own, as JSON; none where the protocol has no such verdicts.
    pub(crate) events: &'a [&'a str],
}

impl Condition {
    /// Whether nothing is asked of a request.
    pub(super) fn is_empty(&self) -> bool {
        *self == Self::default()
    }

    pub(super) fn holds(&self, facts: &Facts<'_>) -> bool {
        self.holds_for_size(facts) && self.contains.as_deref().is_none_or(|marker| contains(facts.content, marker))
    }

    /// Whether it holds for at least one of the events.
    pub(super) fn holds_for_an_event(&self, facts: &Facts<'_>) -> bool {
        self.holds_for_size(facts) && facts.events.iter().any(|event| self.is_met_by_event(event))
    }

    pub(super) fn is_met_by_event(&self, json: &str) -> bool {
        self.contains.as_deref().is_none_or(|marker| json.contains(marker))
    }

    fn holds_for_size(&self, facts: &Facts<'_>) -> bool {
        self.wire_bytes_over.is_none_or(|limit| facts.wire_bytes > limit)
            && self.content_bytes_over.is_none_or(|limit| facts.content_bytes > limit)
    }
}

fn contains(content: &[u8], marker: &str) -> bool {
    match std::str::from_utf8(content) {
        Ok(text) => text.contains(marker),
        Err(_) => marker.is_empty() || content.windows(marker.len()).any(|window| window == marker.as_bytes()),
    }
}
