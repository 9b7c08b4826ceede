//! PostHog's words for the events that every backend knows.

use analytics_core::{Key, LeftOut, StandardEvent};

/// How PostHog calls an event and its properties.
#[derive(Debug)]
pub(crate) struct Spelling {
    /// The event's name.
    pub(crate) name: &'static str,
    /// The keys that the event has, and what PostHog calls each.
    keys: &'static [(&'static str, Key<'static>)],
}

/// From <https://posthog.com/docs/llm-analytics/manual-capture>, "Generation".
const AI_GENERATION: Spelling = Spelling {
    name: "$ai_generation",
    keys: &[
        ("ai_model", Key::literal("$ai_model")),
        ("ai_provider", Key::literal("$ai_provider")),
        ("ai_trace_id", Key::literal("$ai_trace_id")),
        ("ai_span_id", Key::literal("$ai_span_id")),
        ("ai_parent_id", Key::literal("$ai_parent_id")),
        ("ai_input_tokens", Key::literal("$ai_input_tokens")),
        ("ai_output_tokens", Key::literal("$ai_output_tokens")),
        // In seconds there, as here.
        ("ai_latency", Key::literal("$ai_latency")),
        ("ai_input_cost_usd", Key::literal("$ai_input_cost_usd")),
        ("ai_output_cost_usd", Key::literal("$ai_output_cost_usd")),
        ("ai_total_cost_usd", Key::literal("$ai_total_cost_usd")),
        ("ai_input", Key::literal("$ai_input")),
        ("ai_output", Key::literal("$ai_output_choices")),
        ("ai_http_status", Key::literal("$ai_http_status")),
        ("ai_is_error", Key::literal("$ai_is_error")),
        ("ai_error", Key::literal("$ai_error")),
    ],
};

impl Spelling {
    /// How PostHog calls `event`; `None` if it has no words for it.
    pub(crate) fn of(event: StandardEvent) -> Option<&'static Self> {
        match event {
            StandardEvent::AiGeneration => Some(&AI_GENERATION),
            _ => None,
        }
    }

    /// What PostHog calls the property `key`, and its place among those of the event.
    pub(crate) fn key(&self, key: &str) -> Option<(usize, &'static Key<'static>)> {
        self.keys.iter().enumerate().find(|(_, (own, _))| *own == key).map(|(place, (_, key))| (place, key))
    }

    /// The place of the property that PostHog calls `key`.
    pub(crate) fn place(&self, key: &str) -> Option<usize> {
        self.keys.iter().position(|(_, spelled)| spelled.name() == key)
    }

    /// The same loss, under the key that the record has for it.
    pub(crate) fn own(&self, left_out: LeftOut) -> LeftOut {
        let own = self.keys.iter().find(|(_, spelled)| spelled.name() == left_out.key());
        match own {
            Some((own, _)) if left_out.property().is_none() => LeftOut::new(own, left_out.why().to_owned()),
            _ => left_out,
        }
    }
}

#[cfg(test)]
mod tests {
    use analytics_core::AiGeneration;

    use super::*;

    #[test]
    fn every_property_of_every_standard_event_is_spelled() {
        let kind_of = |event| match event {
            StandardEvent::AiGeneration => AiGeneration::EVENT,
            other => panic!("{other} is not spelled"),
        };
        for event in StandardEvent::ALL.iter().copied() {
            let kind = kind_of(event);
            assert_eq!(kind.description().standard(), Some(event));
            let spelling = Spelling::of(event).unwrap();
            let own: Vec<_> = spelling.keys.iter().map(|(own, _)| *own).collect();
            assert_eq!(kind.keys().collect::<Vec<_>>(), own, "{event}");
            assert!(spelling.keys.iter().all(|(_, key)| key.name().starts_with('$')));
        }
    }
}
