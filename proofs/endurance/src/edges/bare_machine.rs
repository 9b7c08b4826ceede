//! A machine that has nothing but what runs this.

use crate::figures::Figures;
use crate::harness::fixture::LONG;
use crate::harness::subprocess::{self, ROW_ALONE};
use crate::row::{Outcome, Proof, Row, Tier};

pub(super) const ROW: Row = Row {
    number: 105,
    fault: "a fresh machine, without the programs that provoke some faults: no nft, ip, tc, prlimit, setpriv, faketime, nginx",
    must: "what cannot be proven there is skipped in one line that names what is missing; nothing fails (`.ci/steps/fresh-machine` \
           runs all tests so, as a plain user)",
    proof: Proof::Inline(bare_machine),
};

/// The rows that run other programs.
const ROWS: [u8; 10] = [22, 23, 28, 29, 42, 43, 74, 78, 90, 94];

fn bare_machine(_tier: Tier) -> Outcome {
    let (mut skipped, mut others) = (0, Vec::new());
    for number in ROWS {
        let mut command = subprocess::command(ROW_ALONE, &[&number.to_string()])?;
        command.env("PATH", "/nonexistent");
        let ended = subprocess::run(command, LONG)?.succeeded()?;
        match ended.text("skipped") {
            Ok(why) if why.starts_with("needs ") && why.contains("(package ") => skipped += 1,
            _ => others.push(format!("{number}: {ended:?}")),
        }
    }
    let figures = Figures::of("rows that run other programs", ROWS.len()).and("skipped in one line", skipped);
    figures.and_none_of("that did anything else", &others)
}
