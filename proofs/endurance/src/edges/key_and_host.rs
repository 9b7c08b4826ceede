//! What people write where a key or an address belongs.

use super::start::{self, KEY, set};
use crate::figures::Figures;
use crate::harness::fixture::inspector;
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 83,
    fault: "a key or an address in quotes, a placeholder, a whole `NAME=value` line, an endpoint, a key of another kind",
    must: "refused at start with the fix for its cause, and not shown; keys of old projects and of tests are keys",
    proof: Proof::Inline(key_and_host),
};

/// What no error may show: it is in the key.
const SECRET: &str = "Zz8Qw7Er6Ty5";

/// What stands in a key's place, with the words of its fix. `KEY` is a project's key, `_43` what follows its `phc`.
const KEYS: &[(&str, &str)] = &[
    ("\"KEY\"", "write it without them"),
    ("'KEY'", "write it without them"),
    ("“KEY”", "write it without them"),
    ("<ph_project_api_key>", "write the value itself"),
    ("${POSTHOG_TOKEN}", "write the value itself"),
    ("$POSTHOG_TOKEN", "write the value itself"),
    ("{{ .Values.key }}", "write the value itself"),
    ("%TOKEN%", "write the value itself"),
    ("op://vault/posthog/token", "write the value itself"),
    ("POSTHOG_TOKEN=KEY", "write only what stands after the name"),
    ("export POSTHOG_TOKEN=KEY", "write only what stands after the name"),
    ("POSTHOG_TOKEN: KEY", "write only what stands after the name"),
    ("Bearer KEY", "write the key alone"),
    ("https://eu.i.posthog.com", "it belongs in POSTHOG_HOST"),
    ("eu.i.posthog.com", "it belongs in POSTHOG_HOST"),
    ("eu", "it belongs in POSTHOG_HOST"),
    ("phc_...", "copy the whole key"),
    ("phc_…", "copy the whole key"),
    ("phc_abcd…FG", "copy the whole key"),
    ("phc_****", "copy the whole key"),
    ("phc_xxxxxxxx", "write the project's key"),
    ("phc_your_token_here", "write the project's key"),
    ("YOUR_API_TOKEN", "write the project's key"),
    ("changeme", "write the project's key"),
    ("null", "leave the variable out"),
    ("{\"api_token\": \"KEY\"}", "write only the key that is in it"),
    ("KEY,", "take it off"),
    ("KEY;", "take it off"),
    ("KEY\\r", "take it off"),
    ("KEYKEY", "write one key"),
    ("KEY,KEY", "write one key"),
    ("cGhjX1p6OFF3N0VyNlR5NVp6OFF3N0VyNlR5NQ==", "decode it"),
    ("/run/secrets/posthog", "write the key that is in the file"),
    ("12345", "events need the project's key"),
    ("phx_43", "Revoke the personal key"),
    ("phs_43", "Replace the secret key"),
    ("pha_43", "Revoke the token"),
    ("phr_43", "Revoke the token"),
    ("sk_live_43", "events need the project's key"),
    ("PHC_43", "copy the key as PostHog shows it"),
    ("KEY\u{200b}", "was something else pasted?"),
];

/// The same for an address.
const HOSTS: &[(&str, &str)] = &[
    ("https://eu.posthog.com/batch/", "write https://eu.i.posthog.com"),
    ("https://us.i.posthog.com/capture/", "write https://us.i.posthog.com"),
    ("https://app.posthog.com/project/123", "write https://us.i.posthog.com"),
    ("http://EU.i.posthog.com./ingest", "write https://eu.i.posthog.com"),
    ("https://us-assets.i.posthog.com/static/array.js", "write https://us.i.posthog.com"),
    ("https://eu.i.posthog.com:8443", "write https://eu.i.posthog.com"),
    ("https://posthog.com", "write us or eu"),
    ("https://example.com/ingest/i/v0/e/", "write https://example.com/ingest"),
    ("https://example.com/i/v1/analytics/events", "write https://example.com"),
    ("https://example.com/decide", "write https://example.com"),
    ("https://example.com/flags/", "write https://example.com"),
    ("https://example.com/engage", "write https://example.com"),
    ("https://example.com/track/", "write https://example.com"),
    ("'https://eu.i.posthog.com'", "write it without them"),
    ("${HOST}", "write the value itself"),
    ("https://$HOST/", "write the value itself"),
    ("POSTHOG_HOST=https://eu.i.posthog.com", "write only what stands after the name"),
    ("KEY", "write us, eu, or a URL"),
    ("https://eu.i.posthog.com,https://us.i.posthog.com", "write one"),
    ("https://eu.i.posthog.com;", "take them off"),
    ("https://eu.i. posthog.com", "take it out"),
];

/// What is a key, of any age.
const GOOD: [&str; 5] =
    ["KEY", "phc_test", "sTMFPsFhdP1Ssg", "mTSWsAxr2g1QrCmH9-Qr8h_2h7jMQ4lAqe5vUXp2fkA", " phc_test\r\n"];

/// What came of texts that are none.
#[derive(Default)]
struct Tried {
    /// Those that were taken.
    taken: usize,
    /// Those that an error or a line shows.
    shown: usize,
}

fn key_and_host(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    let url = inspector.url();
    let keys = tried(&url, KEYS, KEY.0)?;
    let hosts = tried(&url, HOSTS, "POSTHOG_HOST")?;
    let requests = inspector.totals().requests;
    let mut refused = 0;
    for text in GOOD {
        let started = start::with(&url, &set(&[(KEY.0, &text.replace("KEY", KEY.1))]))?;
        refused += u32::from(started.refused.is_some());
    }
    let shown = keys.shown + hosts.shown;
    let figures = Figures::of("texts", KEYS.len()).and_none("taken for a key", keys.taken)?;
    let figures = figures.and("addresses", HOSTS.len()).and_none("taken for an address", hosts.taken)?;
    let figures = figures.and_none("texts shown", shown)?.and_none("requests", requests)?;
    figures.and("keys", GOOD.len()).and_none("of them refused", refused)
}

/// Writes each of the texts for this variable. What is not taken has to be refused with its fix.
fn tried(url: &str, texts: &[(&str, &str)], variable: &str) -> Result<Tried, Unmet> {
    let body = KEY.1.trim_start_matches("phc_");
    let mut tried = Tried::default();
    for (text, fix) in texts {
        let value = text.replace("KEY", KEY.1).replace("_43", &format!("_{body}"));
        // The later one of two with a name is set.
        let started = start::with(url, &set(&[KEY, (variable, &value)]))?;
        let Some(refused) = started.refused else {
            tried.taken += 1;
            continue;
        };
        ensure(refused.contains(&format!("{variable}: ")) && refused.contains(fix), || format!("{text}: {refused}"))?;
        tried.shown += usize::from(refused.contains(SECRET) || started.lines.contains(SECRET));
    }
    Ok(tried)
}
