//! What is written to stderr.

use std::io::{self, Write as _};

use analytics_inspector::terminal;

/// Says on stderr what is wrong, in one line, since it may quote what the program was given. Where nobody listens
/// there, the exit code has to do.
pub(crate) fn report_error(text: &str) {
    writeln!(io::stderr(), "{}", terminal::line(&format!("analytics-inspector: {text}"))).unwrap_or_default();
}
