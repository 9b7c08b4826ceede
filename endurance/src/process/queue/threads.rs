//! No thread can be started.

use std::path::PathBuf;

use analytics_posthog::PostHogError;

use crate::process::scene::{LONG, OrFail, equal, inspector};
use crate::process::{Victim, child, scene};
use crate::programs::need;
use crate::{Figures, Outcome, Proof, Row, Tier, Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 42,
    fault: "no thread can be started",
    must: "the start is an error, not a panic",
    proof: Proof::Here(no_threads),
};

pub(super) const VICTIM: Victim = ("threadless", |arguments| child::finish(victim(arguments)));

/// A user that nobody is, so that nobody's processes count for its limit.
const USER: &str = "61234";

fn no_threads(_tier: Tier) -> Outcome {
    need(&["setpriv", "prlimit"])?;
    let inspector = inspector()?;
    let executable = Executable::for_everybody()?;
    let user = [format!("--reuid={USER}"), format!("--regid={USER}"), "--clear-groups".to_owned()];
    let mut command = std::process::Command::new("setpriv");
    command.args(user).args(["prlimit", "--nproc=1:1"]).arg(&executable.0);
    let inner = child::command("threadless", &[&inspector.url()])?;
    command.args(inner.get_args()).env("RUST_BACKTRACE", "0");
    let ended = child::run(command, LONG)?;
    if ended.errors.contains("setpriv") {
        let why = ended.errors.trim();
        return Err(Unmet::Skipped(format!("another user's process cannot be started ({why}); it needs root")));
    }
    let ended = ended.succeeded()?;
    ensure(!ended.errors.contains("panicked"), || ended.errors.clone())?;
    equal("the start", &ended.text("start")?, &"an error")?;
    Ok(Figures::of("starts", 100).and("errors", ended.number("errors")?).and("panics", 0))
}

/// A copy of this executable where every user can read it.
struct Executable(PathBuf);

impl Executable {
    fn for_everybody() -> Result<Self, Unmet> {
        let copy = std::env::temp_dir().join(format!("analytics-endurance-threadless-{}", std::process::id()));
        let original = std::env::current_exe().or_fail("the path of this executable")?;
        std::fs::copy(original, &copy).or_fail("this executable could not be copied")?;
        Ok(Self(copy))
    }
}

impl Drop for Executable {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap_or_default();
    }
}

fn victim(arguments: &[String]) -> Result<(), Unmet> {
    let url = child::argument(arguments, 0)?;
    if std::thread::Builder::new().spawn(|| ()).is_ok() {
        return Err(Unmet::Failed("a thread could be started: the limit does not hold".to_owned()));
    }
    let mut errors = 0;
    for _ in 0..100 {
        match analytics_posthog::PostHogSink::spawn(scene::config(url)?) {
            Err(PostHogError::Spawn(_)) => errors += 1,
            other => return Err(Unmet::Failed(format!("the start came to {other:?}"))),
        }
    }
    child::tell("errors", errors);
    child::tell("start", "an error");
    Ok(())
}
