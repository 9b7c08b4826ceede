//! The table of figures as a page.

use std::fmt::Write as _;
use std::ops::RangeInclusive;
use std::time::SystemTime;

use analytics_core::json::write_time;
use analytics_endurance::{Proof, Row, Tier};

use crate::run::RowResult;

const SECTIONS: [(&str, RangeInclusive<u8>); 7] = [
    ("Server and network", 1..=29),
    ("Queue, threads, runtimes, shutdown", 30..=47),
    ("Spool and disk", 48..=65),
    ("What is in an event", 66..=73),
    ("Process, time and secrets", 74..=81),
    ("At the edges", 82..=108),
    ("All at once", 109..=109),
];

/// The page of these results.
pub(crate) fn page(results: &[(Row, RowResult)], tier: Tier) -> String {
    let mut page = head(tier);
    for (title, numbers) in SECTIONS {
        let mut rows = results.iter().filter(|(row, _)| numbers.contains(&row.number)).peekable();
        if rows.peek().is_none() {
            continue;
        }
        page.extend(["\n## ", title, "\n\n| row | what goes wrong | what must happen | figure | proof |\n"]);
        page += "|---|---|---|---|---|\n";
        rows.for_each(|(row, verdict)| page += &line(row, verdict));
    }
    page
}

/// An earlier page with the lines of these rows in the place of theirs; `None` if it has no line for one of them.
pub(crate) fn renewed(earlier: &str, results: &[(Row, RowResult)]) -> Option<String> {
    let mut lines: Vec<_> = earlier.lines().map(|line| format!("{line}\n")).collect();
    for (row, verdict) in results {
        let start = line_start(row);
        *lines.iter_mut().find(|line| line.starts_with(&start))? = line(row, verdict);
    }
    Some(lines.concat())
}

fn head(tier: Tier) -> String {
    let flag = tier.pick("", " --full");
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut now = Vec::new();
    write_time(&mut now, SystemTime::now());
    let (build, release) = if cfg!(debug_assertions) { ("debug", "") } else { ("release", " --release") };
    let date = String::from_utf8_lossy(now.get(..10).unwrap_or_default()).into_owned();
    let mut head = String::from("# What we survive\n\n");
    // Writing into a text does not fail.
    write!(
        head,
        "Each row is a fault, what must then happen, and what was measured when it was provoked. Faults are real: \
         sockets, processes, namespaces and certificates, and after each of them the ledger has to account for every \
         event, `captured = delivered + dropped + pending`. `cargo test -p analytics-endurance` provokes them all at \
         a smaller size; the proof `--row 4` is `cargo run -p analytics-endurance -- --full --row 4`.\n\n\
         Measured on {date} on a shared {} machine with {cores} cores, {build} build, one row after the other, by \
         `cargo run{release} -p analytics-endurance --{flag} --write docs/what-we-survive.md`.\n",
        std::env::consts::OS,
    )
    .unwrap_or_default();
    head
}

fn line(row: &Row, verdict: &RowResult) -> String {
    let figure = match verdict {
        RowResult::Survived(figures) => cell(figures),
        RowResult::Skipped(why) => format!("skipped: {}", cell(why)),
        RowResult::Failed(why) => format!("**failed**: {}", cell(why)),
    };
    let proof = match row.proof {
        Proof::Inline(_) => format!("`--row {}`", row.number),
        Proof::External { package, filters } => format!("`cargo test -p {package} -- {}`", filters.join(" ")),
        Proof::Ordered { package } => {
            format!("`RUSTFLAGS=\"--cfg shuttle\" cargo test -p {package} --lib shuttle --target-dir target/shuttle`")
        }
    };
    format!("{} {} | {figure} | {proof} |\n", line_start(row), cell(row.must))
}

/// What tells a row's line from all others.
fn line_start(row: &Row) -> String {
    format!("| {} | {} |", row.number, cell(row.fault))
}

/// A text that stays in its cell.
fn cell(text: &str) -> String {
    text.replace('|', "\\|")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(number: u8, proof: Proof) -> Row {
        Row { number, fault: "a|b", must: "it holds", proof }
    }

    #[test]
    fn each_section_that_has_rows_has_a_table_and_each_row_says_how_it_is_proven() {
        let there = Proof::External { package: "p", filters: &["f"] };
        let results = [
            (row(1, Proof::Inline(|_| unreachable!())), RowResult::Survived("lost 0".to_owned())),
            (row(2, there), RowResult::Failed("lost 1".to_owned())),
            (row(40, there), RowResult::Skipped("needs root".to_owned())),
        ];
        let page = page(&results, Tier::Full);
        let again = [(row(2, there), RowResult::Survived("lost 0".to_owned()))];
        assert_eq!(renewed(&page, &again), Some(page.replace("**failed**: lost 1", "lost 0")));
        assert_eq!(renewed(&page, &[(row(3, there), RowResult::Survived(String::new()))]), None);
        let tables: Vec<_> = page.lines().filter(|line| line.starts_with("## ") || line.starts_with("| ")).collect();
        let head = "| row | what goes wrong | what must happen | figure | proof |";
        assert_eq!(
            tables,
            [
                "## Server and network",
                head,
                "| 1 | a\\|b | it holds | lost 0 | `--row 1` |",
                "| 2 | a\\|b | it holds | **failed**: lost 1 | `cargo test -p p -- f` |",
                "## Queue, threads, runtimes, shutdown",
                head,
                "| 40 | a\\|b | it holds | skipped: needs root | `cargo test -p p -- f` |",
            ]
        );
    }
}
