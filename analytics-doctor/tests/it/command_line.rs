//! The command line.

use crate::{KEY, TextFile, doctor};

#[test]
fn what_cannot_be_read_is_a_code_of_its_own() {
    for (arguments, part) in [
        (["--nonsense"].as_slice(), "invalid option '--nonsense'\n\nusage: analytics-doctor"),
        (&["--timeout", "soon"], "--timeout needs a number with a unit"),
        (&["--env-file", "/nowhere/at/all"], "/nowhere/at/all cannot be read"),
    ] {
        let said = doctor(&[], arguments);
        assert_eq!((said.code, said.text.as_str()), (64, ""), "{arguments:?}");
        assert!(
            said.complaint.starts_with("analytics-doctor: ") && said.complaint.contains(part),
            "{}",
            said.complaint
        );
    }
}

#[test]
fn a_line_of_a_file_that_cannot_be_read_is_not_shown() {
    let file = TextFile::new("unreadable.env", &format!("A=1\n{KEY}\n"));
    let said = doctor(&[], &["--env-file", file.path()]);
    assert_eq!(said.code, 64);
    assert!(said.complaint.ends_with("unreadable.env:2: not NAME=value\n"), "{}", said.complaint);
}

#[test]
fn help_tells_every_exit_code() {
    let said = doctor(&[], &["--help"]);
    assert_eq!(said.code, 0);
    for code in ["with 0 if", "1 if", "2 if", "3 if", "64 if"] {
        assert!(said.text.contains(code), "{}", said.text);
    }
    assert_eq!(doctor(&[], &["--version"]).text, format!("analytics-doctor {}\n", env!("CARGO_PKG_VERSION")));
}
