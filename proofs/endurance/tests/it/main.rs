//! Every row as a test of its own, at the size for a machine that checks every change.

#![allow(clippy::print_stdout, reason = "what is skipped says so")]

use analytics_endurance::{Proof, Row, Tier, Unmet, rows, run_as_subprocess};
use libtest_mimic::{Arguments, Failed, Trial};

fn main() {
    if run_as_subprocess() {
        return;
    }
    let arguments = Arguments::from_args();
    let trials = rows().into_iter().filter_map(trial).collect();
    libtest_mimic::run(&arguments, trials).exit();
}

fn trial(row: Row) -> Option<Trial> {
    let Proof::Inline(run) = row.proof else { return None };
    let name = format!("{:02} {}", row.number, row.fault);
    Some(Trial::test(name, move || match run(Tier::Ci) {
        Ok(figures) => {
            println!("{}: {figures}", row.number);
            Ok(())
        }
        Err(Unmet::Skipped(why)) if std::env::var_os("CI").is_none() => {
            println!("{}: skipped, {why}", row.number);
            Ok(())
        }
        Err(Unmet::Skipped(why) | Unmet::Failed(why)) => Err(Failed::from(why)),
    }))
}
