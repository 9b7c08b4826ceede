//! Every row, and everything that runs in a process of its own.

use crate::figures::on_one_line;
use crate::harness::Subprocess;
use crate::harness::fixture::OrFail;
use crate::harness::subprocess::{self, ROW_ALONE};
use crate::row::{Proof, Row, Tier};
use crate::unmet::Unmet;
use crate::{chaos, edges, inspector, network, process};

/// Every row, by number.
#[must_use]
pub fn rows() -> Vec<Row> {
    let mut rows = [network::rows(), process::rows(), edges::rows(), inspector::rows(), chaos::rows()].concat();
    rows.sort_by_key(|row| row.number);
    rows
}

/// Runs the subprocess that the arguments name, if they name one; `main` of every executable here begins with it.
#[must_use]
pub fn run_as_subprocess() -> bool {
    let Some((name, arguments)) = subprocess::of_arguments() else { return false };
    match subprocesses().into_iter().find(|(known, _)| *known == name) {
        Some((_, run)) => run(&arguments),
        None => std::process::exit(64),
    }
    true
}

fn subprocesses() -> Vec<Subprocess> {
    let alone: Subprocess = (ROW_ALONE, |arguments| subprocess::finish(row(arguments)));
    let others = [process::subprocesses(), network::subprocesses(), edges::subprocesses(), chaos::subprocesses()];
    [vec![alone], others.concat()].concat()
}

/// Runs one row, and tells what came of it.
fn row(arguments: &[String]) -> Result<(), Unmet> {
    let number: u8 = subprocess::argument(arguments, 0)?.parse().or_fail("a number")?;
    // Of several with a number it is the last.
    let row = rows().into_iter().rfind(|row| row.number == number).or_fail("no such row")?;
    let Proof::Inline(run) = row.proof else { return Err(Unmet::Failed("it is proven elsewhere".to_owned())) };
    match run(Tier::Ci) {
        Ok(figures) => subprocess::tell("figures", figures),
        Err(Unmet::Skipped(why)) => subprocess::tell("skipped", on_one_line(&why)),
        Err(Unmet::Failed(why)) => subprocess::tell("failed", on_one_line(&why)),
    }
    Ok(())
}
