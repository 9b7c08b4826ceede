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

/// From posthog-python's `posthog/exception_utils.py` and posthog-rs's `src/error_tracking.rs`; an entry of the list is
/// what PostHog's server reads: `type`, `value` and `mechanism`.
const EXCEPTION: Spelling = Spelling {
    name: "$exception",
    keys: &[
        ("exception_list", Key::literal("$exception_list")),
        ("exception_level", Key::literal("$exception_level")),
        ("exception_fingerprint", Key::literal("$exception_fingerprint")),
    ],
};

/// From <https://posthog.com/docs/experiments/custom-exposures> and posthog-python's `posthog/client.py`. The flag's
/// own property, `$feature/<key>`, is one of the flags that the record tells.
const FLAG_CALLED: Spelling = Spelling {
    name: "$feature_flag_called",
    keys: &[
        ("feature_flag", Key::literal("$feature_flag")),
        ("feature_flag_response", Key::literal("$feature_flag_response")),
    ],
};

impl Spelling {
    /// How PostHog calls `event`; `None` if it has no words for it.
    pub(crate) fn of(event: StandardEvent) -> Option<&'static Self> {
        match event {
            StandardEvent::AiGeneration => Some(&AI_GENERATION),
            StandardEvent::Exception => Some(&EXCEPTION),
            StandardEvent::FlagCalled => Some(&FLAG_CALLED),
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

    /// What the record calls the property that PostHog calls `key`.
    pub(crate) fn own_key(&self, key: &str) -> Option<&'static str> {
        self.keys.iter().find(|(_, spelled)| spelled.name() == key).map(|(own, _)| *own)
    }

    /// The same loss, under the key that the record has for it.
    pub(crate) fn own(&self, left_out: LeftOut) -> LeftOut {
        match self.own_key(left_out.key()) {
            Some(own) if left_out.property().is_none() => LeftOut::new(own, left_out.why().to_owned()),
            _ => left_out,
        }
    }
}

#[cfg(test)]
mod tests {
    use analytics_core::{AiGeneration, Exception, FlagCalled};

    use super::*;

    #[test]
    fn every_property_of_every_standard_event_is_spelled() {
        let kind_of = |event| match event {
            StandardEvent::AiGeneration => AiGeneration::EVENT,
            StandardEvent::Exception => Exception::EVENT,
            StandardEvent::FlagCalled => FlagCalled::EVENT,
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
