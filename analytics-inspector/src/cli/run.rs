//! Running a command whose events are shown.

use std::ffi::OsString;
use std::io;
use std::process::ExitCode;

use crate::args::Settings;
use crate::command;

/// Runs a command, shows its events and then the totals. Its exit code is the program's.
pub(crate) fn run(settings: Settings, command: &[OsString]) -> io::Result<ExitCode> {
    let finished = match command::run(settings, command)? {
        Ok(finished) => finished,
        Err(code) => return Ok(code.into()),
    };
    finished.printer.print(finished.inspector.totals().to_string());
    finished.printer.finish();
    Ok(finished.code.into())
}
