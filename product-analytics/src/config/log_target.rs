//! The target of log lines.

/// For filters, whatever the files are called: `RUST_LOG=analytics::config=info`.
pub(crate) const TARGET: &str = "analytics::config";
