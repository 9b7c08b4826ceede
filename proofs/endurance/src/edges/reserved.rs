//! Names and keys of PostHog's own, in events that are made at run time.

use analytics_core::{Actor, DynamicEvent, Json, Ledger};
use analytics_inspector::ReceivedEvent;
use serde_json::json;
use tracing_subscriber::layer::SubscriberExt;

use super::delivered::{Delivered, PROTOCOLS};
use crate::figures::Figures;
use crate::harness::log_lines::Lines;
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 98,
    fault: "names and keys that are PostHog's own, in events that are made at run time: `$set`, `token`, `$identify`",
    must: "taken for what they mean, or left out or refused, with the key and what to write instead in the log",
    proof: Proof::Inline(reserved),
};

/// Keys of which nothing may arrive as it was written, with what their line says.
const LEFT_OUT: [(&str, &str); 16] = [
    ("distinct_id", "analytics.track(actor, event)"),
    ("$distinct_id", "analytics.track(actor, event)"),
    ("$anon_distinct_id", "from_anonymous"),
    ("token", "configuration"),
    ("$token", "configuration"),
    ("api_key", "configuration"),
    ("$group_0", "in_group"),
    ("$group_1", "in_group"),
    ("$group_2", "in_group"),
    ("$group_3", "in_group"),
    ("$group_4", "in_group"),
    ("$group_type", "group_identify"),
    ("$group_key", "group_identify"),
    ("$group_set", "group_identify"),
    ("$lib", "fills it in"),
    ("$lib_version", "fills it in"),
];

/// Events that are more than that something happened, with what their line says.
const REFUSED: [(&str, &str); 6] = [
    ("$identify", "analytics.identify(user_id)"),
    ("$set", "analytics.identify(user_id)"),
    ("$create_alias", "analytics.alias("),
    ("$groupidentify", "analytics.group_identify("),
    ("$merge_dangerously", "cannot be undone"),
    ("$performance_event", "drops every event"),
];

/// The reason that was told whatever the cause was.
const FALSE_REASON: &str = "JSON cannot carry";

/// What was seen of all protocols.
#[derive(Default)]
struct Seen {
    /// What arrived and would be lost, or read as something else.
    lost: usize,
    untold: usize,
    false_reasons: usize,
}

fn reserved(_tier: Tier) -> Outcome {
    let mut seen = Seen::default();
    for protocol in PROTOCOLS {
        let lines = Lines::default();
        let subscriber = tracing_subscriber::registry().with(lines.clone());
        let _guard = tracing::subscriber::set_default(subscriber);
        let delivered = Delivered::start(protocol)?;
        let mut before = Ledger::new();
        let told = |advice: &str, key: &str, seen: &mut Seen| {
            let lines: Vec<_> = lines.take();
            seen.untold += usize::from(!lines.iter().any(|line| line.contains(advice) && line.contains(key)));
            seen.false_reasons += lines.iter().filter(|line| line.contains(FALSE_REASON)).count();
        };
        for (key, advice) in LEFT_OUT {
            let event = DynamicEvent::new("made").with(key, "theirs").with("kept", 1);
            let (events, ledger) = delivered.of(|analytics| analytics.track(Actor::user("u1"), event))?;
            let left_out = ledger.properties_dropped() - before.properties_dropped();
            ensure(left_out == 1 && events.len() == 1, || format!("{key}: {left_out} left out, {ledger}"))?;
            let is_lost = |event: &ReceivedEvent| {
                event.json().contains("theirs") || event.distinct_id != "u1" || event.property("kept") != Some(json!(1))
            };
            seen.lost += events.iter().filter(|event| is_lost(event)).count();
            told(advice, key, &mut seen);
            before = ledger;
        }
        for (name, advice) in REFUSED {
            for actor in [Actor::user("u1"), Actor::session("s1"), Actor::service("backend")] {
                let (events, ledger) = delivered.of(|analytics| analytics.track(actor, DynamicEvent::new(name)))?;
                ensure(ledger.lost() == before.lost() + 1, || format!("{name}: {ledger}"))?;
                seen.lost += events.len();
                before = ledger;
            }
            told(advice, name, &mut seen);
        }
        seen.lost += mapped(&delivered)?;
    }
    let figures = Figures::of("keys left out", LEFT_OUT.len()).and("names refused", REFUSED.len());
    let figures = figures.and("keys mapped", MAPPED).and_none("delivered but lost", seen.lost)?;
    figures.and_none("untold", seen.untold)?.and_none("false reasons in the log", seen.false_reasons)
}

/// Keys that have calls of their own.
const MAPPED: usize = 4;

/// Tracks what has calls of its own, as properties; how many of them arrived as something else.
fn mapped(delivered: &Delivered) -> Result<usize, Unmet> {
    let written: [_; MAPPED] = [
        ("$set", json!({"plan": "pro"}), json!({"plan": "pro"})),
        ("$set_once", json!({"first": "web"}), json!({"first": "web"})),
        ("$unset", json!(["trial"]), json!(["trial"])),
        ("$groups", json!({"company": 7}), json!({"company": "7"})),
    ];
    let mut lost = 0;
    for (key, value, expected) in written {
        for actor in [Actor::user("u1"), Actor::session("s1")] {
            let event = DynamicEvent::new("made").with(key, &Json(&value));
            let (events, _) = delivered.of(|analytics| analytics.track(actor, event))?;
            let arrives = |event: &ReceivedEvent| {
                let has_person = key == "$groups" || !event.is_personless();
                event.property(key).as_ref() == Some(&expected) && has_person
            };
            lost += usize::from(events.iter().filter(|event| arrives(event)).count() != 1);
        }
    }
    Ok(lost)
}
