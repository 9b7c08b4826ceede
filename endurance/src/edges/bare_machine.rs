//! A machine that has nothing but what runs this.

use crate::process::scene::{LONG, OrFail};
use crate::process::{Victim, child};
use crate::{Figures, Outcome, Proof, Row, Tier, Unmet, on_one_line, rows};

pub(super) const ROW: Row = Row {
    number: 105,
    fault: "a fresh machine, without the programs that provoke some faults: no nft, ip, tc, prlimit, setpriv, faketime, nginx",
    must: "what cannot be proven there is skipped in one line that names what is missing; nothing fails (`.ci/fresh-machine` \
           runs all tests so, as a plain user)",
    proof: Proof::Here(bare_machine),
};

pub(super) const VICTIM: Victim = ("bare", |arguments| child::finish(row(arguments)));

/// The rows that run other programs.
const ROWS: [u8; 10] = [22, 23, 28, 29, 42, 43, 74, 78, 90, 94];

fn bare_machine(_tier: Tier) -> Outcome {
    let (mut skipped, mut others) = (0, Vec::new());
    for number in ROWS {
        let mut command = child::command("bare", &[&number.to_string()])?;
        command.env("PATH", "/nonexistent");
        let ended = child::run(command, LONG)?.succeeded()?;
        match ended.text("skipped") {
            Ok(why) if why.starts_with("needs ") && why.contains("(package ") => skipped += 1,
            _ => others.push(format!("{number}: {ended:?}")),
        }
    }
    let figures = Figures::of("rows that run other programs", ROWS.len()).and("skipped in one line", skipped);
    figures.and_none_of("that did anything else", &others)
}

/// Runs one row, and tells what came of it.
fn row(arguments: &[String]) -> Result<(), Unmet> {
    let number: u8 = child::argument(arguments, 0)?.parse().or_fail("a number")?;
    // Of several with a number it is the last.
    let row = rows().into_iter().rfind(|row| row.number == number).or_fail("no such row")?;
    let Proof::Here(run) = row.proof else { return Err(Unmet::Failed("it is proven elsewhere".to_owned())) };
    match run(Tier::Ci) {
        Ok(figures) => child::tell("figures", figures),
        Err(Unmet::Skipped(why)) => child::tell("skipped", on_one_line(&why)),
        Err(Unmet::Failed(why)) => child::tell("failed", on_one_line(&why)),
    }
    Ok(())
}
