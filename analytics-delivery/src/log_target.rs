//! The target of log lines.

/// For filters, whatever the files are called: `RUST_LOG=analytics::delivery=warn`.
pub(crate) const TARGET: &str = "analytics::delivery";
