//! Which events are wanted.

use serde::Deserialize;

use crate::received::ReceivedEvent;

/// What is asked for in a query. What is empty does not matter.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default)]
pub(super) struct Filter {
    name: String,
    actor: String,
    text: String,
}

impl Filter {
    /// Ready to be asked. Text matches without regard to case.
    pub(super) fn lowered(self) -> Self {
        Self { text: self.text.to_lowercase(), ..self }
    }

    pub(super) fn matches(&self, event: &ReceivedEvent) -> bool {
        (self.name.is_empty() || event.event == self.name)
            && (self.actor.is_empty() || event.distinct_id == self.actor)
            && (self.text.is_empty() || event.json().to_lowercase().contains(&self.text))
    }
}
