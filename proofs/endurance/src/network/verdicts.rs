//! Verdicts of v1 that are not as they should be.

use std::io::Write;
use std::sync::atomic::{AtomicUsize, Ordering};

use analytics_core::{DropReason, Ledger};
use analytics_posthog::{Compression, Protocol, SuspectAnswers};

use crate::figures::Figures;
use crate::row::{Outcome, Tier};
use crate::server::{Server, Then};
use crate::service::{LONG, Service, config};
use crate::unmet::{Unmet, ensure};

/// What a server says of the events with these ids.
type Says = fn(&[String]) -> String;

const EVENTS: u64 = 10;
const SETTINGS: [SuspectAnswers; 2] = [SuspectAnswers::Accept, SuspectAnswers::Retry];

/// Each strange answer, whether it is suspect, and how many of the events it says nothing of.
const STRANGE: [(&str, Says, u64); 6] = [
    ("nothing", |_| String::new(), EVENTS),
    (
        "verdicts for others",
        |_| verdicts(&["0190b2c4-0000-7000-8000-00000000000a".to_owned(), "x".to_owned()], "ok"),
        EVENTS,
    ),
    ("a verdict for half of them", |ids| verdicts(ids.get(..5).unwrap_or_default(), "ok"), EVENTS / 2),
    ("capitals", |ids| verdicts(&each(ids, str::to_uppercase), "ok"), 0),
    ("no hyphens", |ids| verdicts(&each(ids, |id| id.replace('-', "")), "ok"), 0),
    ("a word that nobody knows", |ids| verdicts(ids, "digested"), 0),
];

pub(super) fn unusual(_tier: Tier) -> Outcome {
    let mut wrong = Vec::new();
    for (what, says, unnamed) in STRANGE {
        for suspects in SETTINGS {
            let (ledger, sent) = after(200, says, suspects)?;
            let retries = suspects == SuspectAnswers::Retry && unnamed > 0;
            if ledger.delivered() != EVENTS || ledger.traffic().suspect != u64::from(unnamed > 0) {
                wrong.push(format!("{what}, {suspects:?}: {ledger}"));
            }
            ensure(sent == if retries { 2 } else { 1 }, || format!("{what}, {suspects:?}: {sent} requests"))?;
        }
    }
    let figures = Figures::of("answers", STRANGE.len()).and("settings", SETTINGS.len());
    figures.and_none_of("of them counted on the wrong side", &wrong)
}

pub(super) fn over_quota(_tier: Tier) -> Outcome {
    let refusal: Says = |_| r#"{"error":"billing_limit_exceeded","error_description":"…"}"#.to_owned();
    let each_event: Says = |ids| {
        let spoken = |id: &String| format!(r#""{id}":{{"result":"limited","details":"billing_limit_exceeded"}}"#);
        results(&ids.iter().map(spoken).collect::<Vec<_>>().join(","))
    };
    let cases = [(402, refusal), (429, refusal), (200, each_event)];
    let (mut events, mut dropped, mut again) = (0, 0, 0);
    for (status, says) in cases {
        let (ledger, sent) = after(status, says, SuspectAnswers::Accept)?;
        ensure(ledger.dropped(DropReason::OverQuota) == EVENTS, || format!("{status}: {ledger}"))?;
        events += ledger.captured();
        dropped += ledger.dropped(DropReason::OverQuota);
        again += sent.saturating_sub(1);
    }
    let figures = Figures::of("forms", cases.len()).and("events", events).and("dropped as over quota", dropped);
    figures.and_none("requests sent again", again)
}

/// The first answer is what the server says of the events, any other is as it should be. Returns the number of
/// requests.
fn after(status: u16, says: Says, suspect_answers: SuspectAnswers) -> Result<(Ledger, usize), Unmet> {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |request, stream| {
        let text = String::from_utf8_lossy(request);
        let uuids = text.split("\"uuid\":\"").skip(1);
        let ids: Vec<_> = uuids.filter_map(|rest| rest.get(..36)).map(str::to_owned).collect();
        let is_first = asked.fetch_add(1, Ordering::SeqCst) == 0;
        let (status, said) = if is_first { (status, says(&ids)) } else { (200, verdicts(&ids, "ok")) };
        let body = if said.is_empty() { results("") } else { said };
        write!(stream, "HTTP/1.1 {status} As told\r\nContent-Length: {}\r\n\r\n{body}", body.len())?;
        Ok(Then::Next)
    })?;
    let mut config = config(&server.url())?;
    config.options.protocol = Protocol::V1;
    config.options.compression = Compression::None;
    config.options.suspect_answers = suspect_answers;
    let service = Service::start(config)?;
    service.track_many(EVENTS);
    let ledger = service.shutdown(LONG)?;
    Ok((ledger, server.received().len()))
}

fn verdicts(ids: &[String], word: &str) -> String {
    results(&each(ids, |id| format!(r#""{id}":{{"result":"{word}"}}"#)).join(","))
}

fn results(spoken: &str) -> String {
    format!(r#"{{"results":{{{spoken}}}}}"#)
}

fn each(ids: &[String], change: impl Fn(&str) -> String) -> Vec<String> {
    ids.iter().map(|id| change(id)).collect()
}
