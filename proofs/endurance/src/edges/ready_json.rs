//! JSON that the host's types hold ready.

use analytics_core::{Actor, Analytics, DropReason, DynamicEvent, Json, Ledger};
use serde::Serialize;
use serde::ser::{SerializeStruct as _, Serializer};

use super::delivered::{Delivered, PROTOCOLS};
use crate::figures::Figures;
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::ensure;

pub(super) const ROW: Row = Row {
    number: 97,
    fault: "ready JSON from the host: `RawValue`, numbers of arbitrary precision, a text that was cut inside an emoji",
    must: "it is read and written anew: a lone surrogate becomes U+FFFD, every digit of a number stays, and what is no JSON \
           or cannot be carried is left out or dropped by name",
    proof: Proof::Inline(ready_json),
};

/// The names under which `serde_json` hands over text that is JSON already.
const TOKENS: [&str; 2] = ["$serde_json::private::RawValue", "$serde_json::private::Number"];

/// What is told of each text.
enum Fate {
    /// It arrives as this text.
    Arrives(&'static str),
    /// The property is left out, the event arrives.
    LeftOut,
    /// The event is dropped.
    Dropped(DropReason),
}

use Fate::{Arrives, Dropped, LeftOut};

const RAW: &[(&str, Fate)] = &[
    (r#""cut \ud83d""#, Arrives("\"cut \u{fffd}\"")),
    (r#""\udc00 cut""#, Arrives("\"\u{fffd} cut\"")),
    (r#""\ud83d\ud83d\ude00""#, Arrives("\"\u{fffd}😀\"")),
    (r#"{"\ud83d":["\ud83dx"]}"#, Arrives("{\"\u{fffd}\":[\"\u{fffd}x\"]}")),
    (" { \"a\" : [ 1 , 2.50 ] } ", Arrives(r#"{"a":[1,2.50]}"#)),
    ("1e999", LeftOut),
    ("[-1e999]", LeftOut),
    ("}],\"evil\":[", Dropped(DropReason::Unencodable)),
    ("1,\"evil\":2", Dropped(DropReason::Unencodable)),
    ("{\"a\":1", Dropped(DropReason::Unencodable)),
    ("NaN", Dropped(DropReason::Unencodable)),
    ("", Dropped(DropReason::Unencodable)),
];

const NUMBERS: &[(&str, Fate)] = &[
    ("123456789012345678901234567890", Arrives("123456789012345678901234567890")),
    ("-98765432109876543210", Arrives("-98765432109876543210")),
    ("0.1000000000000000055511151231257827", Arrives("0.1000000000000000055511151231257827")),
    ("18446744073709551615", Arrives("18446744073709551615")),
    ("1e999", LeftOut),
    ("0x10", Dropped(DropReason::Unencodable)),
];

/// What `serde_json` shows for such a value, in any build.
#[derive(Clone, Copy)]
struct Ready(&'static str, &'static str);

impl Serialize for Ready {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut ready = serializer.serialize_struct(self.0, 1)?;
        ready.serialize_field(self.0, self.1)?;
        ready.end()
    }
}

/// Where a value can stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Event,
    BesideTheEvent,
    Person,
    /// Written down once, when the scope is made: what cannot be is left out of the scope, and told then.
    Scope,
}

const PLACES: [Place; 4] = [Place::Event, Place::BesideTheEvent, Place::Person, Place::Scope];

impl Place {
    fn track(self, analytics: &Analytics, ready: Ready) {
        let (actor, event, ready) = (Actor::user("u1"), DynamicEvent::new("read"), &Json(ready));
        match self {
            Self::Event => analytics.track(actor, event.with("ready", ready)),
            Self::BesideTheEvent => drop(analytics.event(actor, event).property("ready", ready).track()),
            Self::Person => drop(analytics.event(actor, event).set_person("ready", ready).track()),
            Self::Scope => analytics.with("ready", ready).track(actor, event),
        }
    }
}

fn ready_json(_tier: Tier) -> Outcome {
    let of = |token, texts: &'static [(&str, Fate)]| texts.iter().map(move |(text, fate)| (Ready(token, text), fate));
    let [raw, number] = TOKENS;
    let table: Vec<_> = of(raw, RAW).chain(of(number, NUMBERS)).collect();
    let (mut tried, mut refused) = (0, 0);
    for protocol in PROTOCOLS {
        let delivered = Delivered::start(protocol)?;
        let mut before = Ledger::new();
        for (place, (ready, fate)) in PLACES.iter().flat_map(|place| table.iter().map(move |row| (*place, row))) {
            let (events, ledger) = delivered.of(|analytics| place.track(analytics, *ready))?;
            tried += 1;
            let lost = |reason| ledger.dropped(reason) - before.dropped(reason);
            refused += lost(DropReason::Refused);
            let left_out = ledger.properties_dropped() - before.properties_dropped();
            let has = |text: &str| events.iter().filter(|event| event.json().contains(text)).count();
            let is_without = |counted| events.len() == 1 && has("\"ready\"") == 0 && left_out == counted;
            let is_right = match fate {
                Arrives(json) => {
                    has(&format!("\"ready\":{json},")) + has(&format!("\"ready\":{json}}}")) == 1 && left_out == 0
                }
                _ if place == Place::Scope => is_without(0),
                LeftOut => is_without(1),
                Dropped(reason) => events.is_empty() && lost(*reason) == 1,
            };
            ensure(is_right, || {
                let events: Vec<_> = events.iter().map(|event| event.json().to_owned()).collect();
                format!("{:?} at {place:?} by {protocol:?}: {events:?}, {ledger}", ready.1)
            })?;
            before = ledger;
        }
    }
    let figures = Figures::of("texts", table.len()).and("places and protocols", PLACES.len() * PROTOCOLS.len());
    figures.and("arrived or were dropped as they must", tried).and_none("answered with 400", refused)
}
