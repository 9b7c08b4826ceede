//! What is written for whoever reads stdout.

use std::io::{self, Write as _};

/// Where nobody reads stdout, the exit code has to do.
pub(crate) fn print(text: &str) {
    io::stdout().write_all(text.as_bytes()).unwrap_or_default();
}
