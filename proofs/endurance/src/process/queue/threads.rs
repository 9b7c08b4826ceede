//! No thread can be started.

use analytics_posthog::PostHogError;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, equal, inspector};
use crate::harness::{Subprocess, fixture, plain_user, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::Unmet;

pub(super) const ROW: Row = Row {
    number: 42,
    fault: "no thread can be started",
    must: "the start is an error, not a panic",
    proof: Proof::Inline(no_threads),
};

pub(super) const SUBPROCESS: Subprocess = ("threadless", |arguments| subprocess::finish(in_subprocess(arguments)));

const STARTS: u64 = 100;

fn no_threads(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    let ended = plain_user::run("threadless", &[&inspector.url()], LONG)?;
    let errors = ended.number("errors")?;
    equal("starts that are an error", &errors, &STARTS)?;
    let panics: Vec<_> = ended.errors.lines().filter(|line| line.contains("panicked")).collect();
    Figures::of("starts", STARTS).and("errors", errors).and_none_of("panics", &panics)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let url = subprocess::argument(arguments, 0)?;
    plain_user::forbid_threads()?;
    let mut errors = 0;
    for _ in 0..STARTS {
        match analytics_posthog::PostHogSink::spawn(fixture::config(url)?) {
            Err(PostHogError::Spawn(_)) => errors += 1,
            other => return Err(Unmet::Failed(format!("the start came to {other:?}"))),
        }
    }
    subprocess::tell("errors", errors);
    Ok(())
}
