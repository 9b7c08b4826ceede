//! Code that must not compile, and the words with which it is refused.

use std::process::{Command, Stdio};

#[test]
fn what_is_refused_names_its_fix() {
    if has_cargo() {
        trybuild::TestCases::new().compile_fail("tests/ui/*.rs");
    }
}

/// Whether there is a cargo to compile with. This executable can be run where there is none, or none for its user; then
/// it says so in a line.
#[expect(clippy::print_stdout, reason = "what is skipped says so")]
fn has_cargo() -> bool {
    let cargo = std::env::var_os("CARGO").unwrap_or_else(|| "cargo".into());
    let status = Command::new(cargo).arg("--version").stdout(Stdio::null()).stderr(Stdio::null()).status();
    let has_cargo = status.is_ok_and(|status| status.success());
    if !has_cargo {
        assert!(std::env::var_os("CI").is_none(), "there is no cargo");
        println!("skipped: needs cargo, to compile what must not compile");
    }
    has_cargo
}
