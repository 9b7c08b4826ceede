//! Running a command whose events all have to arrive.

use std::ffi::OsString;
use std::fs::File;
use std::io::{self, BufWriter, Write as _};
use std::path::Path;
use std::process::ExitCode;

use crate::args::{Expectations, Settings};
use crate::command;
use crate::report::Report;

/// Runs a command as `run` does, and then says whether everything arrived as it should: by its exit code, in lines on
/// stderr and, if that is asked for, in a file.
///
/// Stdout stays the command's own, as with `run`, so a program reads the report from a file.
pub(crate) fn check(settings: Settings, expectations: Expectations, command: &[OsString]) -> io::Result<ExitCode> {
    let finished = match command::run(settings, command)? {
        Ok(finished) => finished,
        Err(code) => return Ok(code.into()),
    };
    let report = Report::of(&finished.inspector, finished.code, expectations.events);
    report.lines().into_iter().for_each(|line| finished.printer.print(line));
    finished.printer.finish();
    if let Some(path) = expectations.report {
        write(&report, &path).map_err(|error| {
            io::Error::new(error.kind(), format!("the report cannot be written to {}: {error}", path.display()))
        })?;
    }
    Ok(report.exit_code().into())
}

fn write(report: &Report, path: &Path) -> io::Result<()> {
    let mut file = BufWriter::new(File::create(path)?);
    serde_json::to_writer(&mut file, report)?;
    writeln!(file)?;
    file.flush()
}
