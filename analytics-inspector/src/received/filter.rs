//! Which events are wanted.

use serde::Deserialize;

use super::ReceivedEvent;

/// What a query asks for. What is empty does not filter; `name` and `actor` match exactly, `text` anywhere in the
/// event's JSON, in any case.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(crate) struct EventFilter {
    pub(crate) name: String,
    pub(crate) actor: String,
    /// In small letters, once it is [`prepared`](Self::prepared).
    pub(crate) text: String,
}

impl EventFilter {
    /// Ready to be compared.
    pub(crate) fn prepared(self) -> Self {
        Self { text: self.text.to_lowercase(), ..self }
    }

    pub(crate) fn wants(&self, event: &ReceivedEvent) -> bool {
        (self.name.is_empty() || event.event == self.name)
            && (self.actor.is_empty() || event.distinct_id == self.actor)
            && (self.text.is_empty() || event.json().to_lowercase().contains(&self.text))
    }
}
