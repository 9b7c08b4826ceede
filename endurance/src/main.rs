//! Runs the rows one by one and writes their table.

#![allow(clippy::print_stdout, reason = "a program for the terminal")]

use analytics_endurance::{Proof, Tier, rows, victim};

fn main() {
    if victim::is_one() {
        return;
    }
    let tier = if std::env::args().any(|argument| argument == "--full") { Tier::Full } else { Tier::Ci };
    for row in rows() {
        if let Proof::Here(run) = row.proof {
            println!("{:>3}  {}: {:?}", row.number, row.fault, run(tier));
        }
    }
}
