//! The key, planted.

mod recorder;
mod shown;
mod story;

use std::path::PathBuf;

use analytics_inspector::{Inspector, InspectorOptions, TlsCertificate};

use self::recorder::Recorder;
use crate::figures::{Figures, bytes};
use crate::harness::fixture::{LONG, OrFail};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 81,
    fault: "the key, planted in a full run at TRACE",
    must: "it is in no log, no error, no `Debug`, and goes to no other host",
    proof: Proof::Inline(planted),
};

/// In a process of its own, because the subscriber of the whole process hears all crates.
pub(super) const SUBPROCESS: Subprocess = ("key", |arguments| subprocess::finish(story::tell(arguments)));

/// Unmistakable, and as long as a real one.
const KEY: &str = "phc_PlantedKeyQ7w8e9r0ZzUnmistakableX1y2z3A4b5C";
/// A part that no fingerprint shows.
const MIDDLE: &str = "ZzUnmistakab";
/// The value of a header of the service's own, which is as secret.
const HEADER: &str = "header-secret-5f0c9a";

fn planted(_tier: Tier) -> Outcome {
    let (other, proxy) = (Recorder::start("200 OK")?, Recorder::start("407 Proxy Authentication Required")?);
    let roots = Roots::new()?;
    let mut command = subprocess::command("key", &[&other.url])?;
    command.env("HTTPS_PROXY", &proxy.url).env("HTTP_PROXY", &proxy.url).env("SSL_CERT_FILE", &roots.0);
    for name in ["NO_PROXY", "no_proxy", "https_proxy", "http_proxy", "ALL_PROXY", "all_proxy"] {
        command.env_remove(name);
    }
    let ended = subprocess::run(command, LONG)?.succeeded()?;
    let proxied = proxy.seen();
    ensure(proxied.starts_with("CONNECT analytics.invalid:443"), || format!("the proxy saw {proxied:?}"))?;
    let elsewhere = other.seen();
    let mut hits: Vec<_> = [("error output", &ended.errors), ("proxy", &proxied), ("other host", &elsewhere)]
        .into_iter()
        .flat_map(|(place, text)| secrets_in(text).into_iter().map(move |secret| format!("{secret} at the {place}")))
        .collect();
    // The process tells of at most three places.
    hits.extend(Some(ended.text("found")?).filter(|found| !found.is_empty()).map(str::to_owned));
    let lines = ended.number("lines")?;
    for origin in ["analytics", "reqwest", "hyper_util", "rustls"] {
        ensure(ended.number(origin)? > 0, || format!("no line of {origin} was heard"))?;
    }
    let figures = Figures::of("log lines", lines).and("of log", bytes(ended.number("bytes")?));
    let figures = figures.and("texts of public types and errors", ended.number("texts")?);
    figures.and("to other hosts", bytes(proxied.len() + elsewhere.len())).and_none_of("hits", &hits)
}

/// Certificates to trust, so that the machine needs none: a file of its own, gone with it.
struct Roots(PathBuf);

impl Roots {
    fn new() -> Result<Self, Unmet> {
        let options = InspectorOptions::default().with_tls(TlsCertificate::Valid);
        let inspector = Inspector::start(options).or_fail("the server did not start")?;
        let file = std::env::temp_dir().join(format!("analytics-endurance-roots-{}.pem", std::process::id()));
        std::fs::write(&file, inspector.tls_ca_pem().unwrap_or_default()).or_fail("the roots")?;
        Ok(Self(file))
    }
}

impl Drop for Roots {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap_or_default();
    }
}

/// The secrets that are in a text.
fn secrets_in(text: &str) -> Vec<&'static str> {
    [KEY, MIDDLE, HEADER].into_iter().filter(|secret| text.contains(secret)).collect()
}
