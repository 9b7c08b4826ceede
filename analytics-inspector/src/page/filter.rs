//! Which part of the feed is wanted.

use serde::Deserialize;

use crate::received::{EventFilter, ReceivedRequest};
use crate::store::{EntryStatus, Item, What};

/// What is asked for of events, and what became of them. What is empty does not filter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    #[serde(flatten)]
    of_events: EventFilter,
    #[serde(rename = "is", deserialize_with = "word")]
    verdict: Option<EntryStatus>,
}

/// An empty word is no verdict; one that does not exist is an error.
fn word<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<EntryStatus>, D::Error> {
    use serde::de::IntoDeserializer as _;
    let word = String::deserialize(deserializer)?;
    if word.is_empty() { Ok(None) } else { EntryStatus::deserialize(word.into_deserializer()).map(Some) }
}

impl Filter {
    pub(super) fn is_empty(&self) -> bool {
        self.of_events.is_empty() && self.verdict.is_none()
    }

    /// Makes the text ready to be compared.
    pub(super) fn prepared(self) -> Self {
        Self { of_events: self.of_events.prepared(), ..self }
    }

    pub(super) fn wants(&self, item: &Item) -> bool {
        self.verdict.is_none_or(|verdict| verdict == item.status())
            && match &item.what {
                What::Event { event, .. } => self.of_events.wants(event),
                What::Request(request) => self.wants_request(request),
            }
    }

    /// Its events were not read as such, so a name or an actor is looked for as a string in its body.
    fn wants_request(&self, request: &ReceivedRequest) -> bool {
        if self.of_events.is_empty() {
            return true;
        }
        let EventFilter { name, actor, text } = &self.of_events;
        let body = request.body_text().unwrap_or_default();
        let has =
            |word: &str| word.is_empty() || serde_json::to_string(word).is_ok_and(|quoted| body.contains(&quoted));
        let has_text = || {
            let told = [Some(request.path.as_str()), request.reason.as_deref(), request.fault.as_deref()];
            let told = told.into_iter().flatten().any(|part| part.to_lowercase().contains(text));
            text.is_empty() || told || body.to_lowercase().contains(text)
        };
        has(name) && has(actor) && has_text()
    }
}
