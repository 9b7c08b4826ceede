//! The inspector, off loopback, under abuse and on a terminal.

use crate::row::{Proof, Row};

/// The rows about the inspector. Its own tests prove them.
#[must_use]
pub fn rows() -> Vec<Row> {
    vec![
        row(
            102,
            "the inspector off loopback, asked by another machine that claims to be `localhost`",
            "page and API need a caller on loopback, or the token that is printed at start",
            &["from_another_machine"],
        ),
        row(
            103,
            "clients of the inspector that hang, read nothing, or send 9 MiB of empty zstd frames",
            "each has its time and its share; the page answers within a second throughout",
            &["the_page_answers_throughout"],
        ),
        row(
            103,
            "another page, on `localhost` too, that arms faults of the inspector or has it forget",
            "that is for the page's own origin and for programs",
            &["another_page_of_this_machine"],
        ),
        row(
            104,
            "zero-width, tag and bidi characters, escapes, an event of 4 MB, in the inspector's terminal",
            "escaped; a line has at most 1 KiB",
            &["the_terminal_shows"],
        ),
    ]
}

fn row(number: u8, fault: &'static str, must: &'static str, filters: &'static [&'static str]) -> Row {
    Row { number, fault, must, proof: Proof::External { package: "analytics-inspector", filters } }
}
