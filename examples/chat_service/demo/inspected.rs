//! What arrived at the server in PostHog's place.

use std::collections::{BTreeMap, HashSet};

use analytics_inspector::{Inspector, ReceivedEvent, Totals};
use product_analytics::CopilotEvent;

/// What arrived at the server in PostHog's place.
#[derive(Debug)]
pub(super) struct Inspected {
    /// What the server counted, repeats included.
    pub(super) totals: Totals,
    /// Events that differ by uuid, by name.
    pub(super) unique: BTreeMap<String, u64>,
    /// A few of them, in one line each.
    pub(super) samples: Vec<String>,
}

impl Inspected {
    pub(super) fn read(inspector: &Inspector) -> Self {
        let events = inspector.events();
        let mut uuids = HashSet::new();
        let mut unique = BTreeMap::new();
        for event in events.iter().filter(|event| uuids.insert(event.uuid.as_deref())) {
            *unique.entry(event.event.clone()).or_default() += 1;
        }
        Self { totals: inspector.totals(), unique, samples: samples(&events) }
    }
}

/// An event of somebody unknown, one of a user, and one with text in it that is easily spoilt.
fn samples(events: &[ReceivedEvent]) -> Vec<String> {
    let is = |event: &ReceivedEvent, kind: product_analytics::EventKind| event.event == kind.name();
    let pick = |wanted: &dyn Fn(&ReceivedEvent) -> bool| events.iter().find(|event| wanted(event));
    let picked = [
        pick(&|event| is(event, CopilotEvent::MESSAGE_SENT) && event.distinct_id.starts_with("anonymous_")),
        pick(&|event| is(event, CopilotEvent::TOOL_CALLED) && !event.distinct_id.starts_with("anonymous_")),
        pick(&|event| is(event, CopilotEvent::TRIGGER_SETUP) && !event.json().is_ascii()),
    ];
    picked.into_iter().flatten().map(ToString::to_string).collect()
}
