//! Subprocesss that run as a user whom nobody else is, so that no other process counts for its limits.

use std::path::PathBuf;
use std::process::Command;
use std::time::Duration;

use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};

use super::fixture::OrFail;
use super::subprocess::{self, Ended};
use crate::programs::need;
use crate::unmet::Unmet;

const USER: &str = "61234";

/// Runs the subprocess `name` to its end, for at most `patience`. Skips the row where another user's process cannot be
/// started.
pub(crate) fn run(name: &str, arguments: &[&str], patience: Duration) -> Result<Ended, Unmet> {
    need(&["setpriv"])?;
    let executable = Executable::for_everybody(name)?;
    let user = [format!("--reuid={USER}"), format!("--regid={USER}"), "--clear-groups".to_owned()];
    let mut command = Command::new("setpriv");
    command.args(user).arg(&executable.0);
    let inner = subprocess::command(name, arguments)?;
    command.args(inner.get_args()).env("RUST_BACKTRACE", "0");
    let ended = subprocess::run(command, patience)?;
    if ended.errors.contains("setpriv") {
        let why = ended.errors.trim();
        return Err(Unmet::Skipped(format!("another user's process cannot be started ({why}); it needs root")));
    }
    ended.succeeded()
}

/// In a subprocess: no thread can be started any more.
pub(crate) fn forbid_threads() -> Result<(), Unmet> {
    let limit = Rlimit { current: Some(1), ..getrlimit(Resource::Nproc) };
    setrlimit(Resource::Nproc, limit).or_fail("the limit cannot be set")?;
    match std::thread::Builder::new().spawn(|| ()) {
        Ok(_) => Err(Unmet::Failed("a thread could be started: the limit does not hold".to_owned())),
        Err(_) => Ok(()),
    }
}

/// A copy of this executable where every user can read it.
struct Executable(PathBuf);

impl Executable {
    fn for_everybody(name: &str) -> Result<Self, Unmet> {
        let copy = std::env::temp_dir().join(format!("analytics-endurance-{name}-{}", std::process::id()));
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
