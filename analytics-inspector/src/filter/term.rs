//! One term, and whether an entry meets it.

use super::pattern::Pattern;
use super::property::PropertyTerm;
use crate::received::{ReceivedEvent, ReceivedRequest};
use crate::store::{EntryStatus, Item, What};

#[derive(Debug, Clone, PartialEq)]
pub(super) struct Term {
    pub(super) is_negated: bool,
    pub(super) wanted: Wanted,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Wanted {
    /// Anywhere in the entry, in small letters.
    Text(String),
    Name(Pattern),
    Actor(Pattern),
    Uuid(Pattern),
    Verdict(EntryStatus),
    /// Of the request.
    Status(u16),
    Property(PropertyTerm),
}

impl Term {
    pub(super) fn wants(&self, item: &Item) -> bool {
        let is_met = match (&self.wanted, &item.what) {
            (Wanted::Verdict(verdict), _) => *verdict == item.status(),
            (wanted, What::Event { event, .. }) => wanted.is_met_by_event(event),
            (wanted, What::Request(request)) => wanted.is_met_by_request(request),
        };
        is_met != self.is_negated
    }
}

impl Wanted {
    fn is_met_by_event(&self, event: &ReceivedEvent) -> bool {
        match self {
            Self::Text(text) => event.json().to_lowercase().contains(text),
            Self::Name(pattern) => pattern.matches(&event.event),
            Self::Actor(pattern) => pattern.matches(&event.distinct_id),
            Self::Uuid(pattern) => event.uuid.as_deref().is_some_and(|uuid| pattern.matches(uuid)),
            // Only of a request that is answered so are events accepted.
            Self::Status(status) => *status == 200,
            Self::Property(term) => term.wants(&event.properties()),
            Self::Verdict(_) => false,
        }
    }

    /// Its events were not read as such, so a name, an actor or a uuid is looked for in its body.
    fn is_met_by_request(&self, request: &ReceivedRequest) -> bool {
        match self {
            Self::Text(text) => {
                let told = [Some(request.path.as_str()), request.reason.as_deref(), request.fault.as_deref()];
                let is_told = told.into_iter().flatten().any(|part| part.to_lowercase().contains(text));
                is_told || request.body_text().is_some_and(|body| body.to_lowercase().contains(text))
            }
            Self::Name(pattern) | Self::Actor(pattern) | Self::Uuid(pattern) => {
                let part = pattern.longest_part();
                let quoted = serde_json::to_string(part).unwrap_or_default();
                let searched = match pattern {
                    Pattern::Whole(_) => quoted.as_str(),
                    Pattern::Ends { .. } => quoted.trim_matches('"'),
                };
                request.body_text().is_some_and(|body| body.contains(searched))
            }
            Self::Status(status) => request.status == Some(*status),
            Self::Property(_) | Self::Verdict(_) => false,
        }
    }
}
