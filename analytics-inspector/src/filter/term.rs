//! One term, and whether an entry meets it.

use std::cell::OnceCell;

use serde_json::Value;

use super::pattern::Pattern;
use super::property::PropertyTerm;
use crate::received::{ContainedEvent, ReceivedEvent, ReceivedRequest, events_in};
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
    /// `properties` are an event's, once they are read.
    pub(super) fn wants(&self, item: &Item, properties: &OnceCell<Value>) -> bool {
        let is_met = match (&self.wanted, &item.what) {
            (Wanted::Verdict(verdict), _) => *verdict == item.status(),
            (wanted, What::Event { event, .. }) => wanted.is_met_by_event(event, properties),
            (wanted, What::Request(request)) => wanted.is_met_by_request(request),
        };
        is_met != self.is_negated
    }
}

impl Wanted {
    fn is_met_by_event(&self, event: &ReceivedEvent, properties: &OnceCell<Value>) -> bool {
        match self {
            Self::Text(text) => event.json().to_lowercase().contains(text),
            Self::Name(pattern) => pattern.matches(&event.event),
            Self::Actor(pattern) => pattern.matches(&event.distinct_id),
            Self::Uuid(pattern) => event.uuid.as_deref().is_some_and(|uuid| pattern.matches(uuid)),
            // Only of a request that is answered so are events accepted.
            Self::Status(status) => *status == 200,
            Self::Property(term) => term.wants(properties.get_or_init(|| event.properties())),
            Self::Verdict(_) => false,
        }
    }

    /// Its events are those that its body holds. Where none can be read, a name, an actor or a uuid is looked for as a
    /// text.
    fn is_met_by_request(&self, request: &ReceivedRequest) -> bool {
        let body = || request.body_text().unwrap_or_default();
        match self {
            Self::Text(text) => {
                let told = [Some(request.path.as_str()), request.reason.as_deref(), request.fault.as_deref()];
                let is_told = told.into_iter().flatten().any(|part| part.to_lowercase().contains(text));
                is_told || body().to_lowercase().contains(text)
            }
            Self::Status(status) => request.status == Some(*status),
            Self::Verdict(_) => false,
            Self::Name(pattern) | Self::Actor(pattern) | Self::Uuid(pattern) => {
                let body = body();
                let events = events_in(body.as_bytes());
                events.iter().any(|event| self.is_met_by_contained(event))
                    || events.is_empty() && body.contains(pattern.longest_part())
            }
            Self::Property(_) => events_in(body().as_bytes()).iter().any(|event| self.is_met_by_contained(event)),
        }
    }

    fn is_met_by_contained(&self, event: &ContainedEvent<'_>) -> bool {
        let is_met = |pattern: &Pattern, text: Option<&str>| text.is_some_and(|text| pattern.matches(text));
        match self {
            Self::Name(pattern) => is_met(pattern, event.name.as_deref()),
            Self::Actor(pattern) => is_met(pattern, event.distinct_id.as_deref()),
            Self::Uuid(pattern) => is_met(pattern, event.uuid.map(|uuid| uuid.to_string()).as_deref()),
            Self::Property(term) => {
                let event: Value = serde_json::from_str(event.json).unwrap_or_default();
                event.get("properties").is_some_and(|properties| term.wants(properties))
            }
            Self::Text(_) | Self::Status(_) | Self::Verdict(_) => false,
        }
    }
}
