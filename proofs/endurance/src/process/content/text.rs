//! Text of every kind.

use std::ffi::OsStr;
use std::os::unix::ffi::OsStrExt;
use std::path::Path;

use analytics_core::json::{Limits, write_string};
use analytics_core::{Actor, DynamicEvent, Key, Property, PropertyVisitor, Value, json::ObjectWriter};
use fastrand::Rng;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, equal, inspector, settled, sink_in_order};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::Unmet;

pub(super) const ROW: Row = Row {
    number: 70,
    fault: "NUL, control characters, bidi, U+2028, escapes of lone surrogates, paths that are no UTF-8",
    must: "valid JSON that a second parser reads as the same text",
    proof: Proof::Inline(text),
};

/// Pieces that JSON writers got wrong before.
const PIECES: [&str; 18] = [
    "\u{0}",
    "\u{1}",
    "\u{1f}",
    "\u{7f}",
    "\u{80}",
    "\"",
    "\\",
    "\\ud800",
    "\u{2028}",
    "\u{2029}",
    "\u{202e}",
    "\u{feff}",
    "\u{fffd}",
    "\u{ffff}",
    "😀",
    "\r\n",
    "</script>",
    "e\u{301}",
];

fn text(tier: Tier) -> Outcome {
    let strings = tier.pick(20_000, 1_000_000);
    let seed = fastrand::u64(..);
    let (mut random, mut mismatches) = (Rng::with_seed(seed), Vec::new());
    for _ in 0..strings {
        let (key, value) = (string(&mut random), string(&mut random));
        let json = member(&key, &value)?;
        let parsed: serde_json::Value =
            serde_json::from_slice(&json).or_fail(&format!("seed {seed}: {key:?} {value:?}"))?;
        if parsed.get(&key).and_then(serde_json::Value::as_str) != Some(&*value) {
            mismatches.push((value, parsed.to_string()));
        }
    }
    let sent = over_the_wire(&mut random, &mut mismatches)?;
    let figures = Figures::of("strings and keys", 2 * strings).and("seed", seed).and("over the wire", sent);
    figures.and_none_of("mismatches", &mismatches)
}

/// Up to a dozen pieces and random characters.
fn string(random: &mut Rng) -> String {
    let mut text = String::new();
    for _ in 0..random.usize(..12) {
        if random.bool() {
            text.push(random.char(..));
        } else {
            text.push_str(random.choice(PIECES).unwrap_or_default());
        }
    }
    text
}

/// An object with one member, written by the writer of every event, in one of its three ways.
fn member(key: &str, value: &str) -> Result<Vec<u8>, Unmet> {
    let mut out = Vec::new();
    if value.len().is_multiple_of(3) {
        out.push(b'{');
        write_string(&mut out, key);
        out.push(b':');
        write_string(&mut out, value);
        out.push(b'}');
    } else {
        let mut writer = ObjectWriter::new(&mut out, &Limits::DEFAULT);
        let value = if value.len() % 3 == 1 { Value::Str(value) } else { Value::Display(&value) };
        writer.visit(&Property::new(&Key::new(key), value));
        writer.finish().or_fail("the writer")?;
    }
    Ok(out)
}

/// Text in properties, and a path that is no text, through the sink and the server's parser.
fn over_the_wire(random: &mut Rng, mismatches: &mut Vec<(String, String)>) -> Result<usize, Unmet> {
    let inspector = inspector()?;
    let analytics = sink_in_order(&inspector.url())?;
    let mut sent: Vec<_> = (0..500).map(|_| string(random)).collect();
    let path = Path::new(OsStr::from_bytes(b"/tmp/\xff\xfe\0x"));
    sent.push(path.display().to_string());
    for text in &sent {
        analytics.track(Actor::user("u1"), DynamicEvent::new("text").with("text", text.as_str()));
    }
    settled(&analytics.shutdown_blocking(LONG), sent.len() as u64)?;
    let events = inspector.events_named("text");
    let read: Vec<_> = events.iter().filter_map(|event| Some(event.property("text")?.as_str()?.to_owned())).collect();
    equal("texts that arrived", &read.len(), &sent.len())?;
    let count = read.len();
    mismatches.extend(sent.into_iter().zip(read).filter(|(sent, read)| sent != read));
    Ok(count)
}
