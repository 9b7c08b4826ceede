//! The same for programs.

use serde::Serialize;

use super::Check;

#[derive(Serialize)]
struct Object<'r> {
    checks: &'r [Check],
    verdict: &'r str,
    exit_code: u8,
}

/// One JSON object, and a line break.
pub(super) fn object(checks: &[Check], verdict: &str, exit_code: u8) -> String {
    // These types hold nothing that JSON cannot.
    let text = serde_json::to_string_pretty(&Object { checks, verdict, exit_code }).unwrap_or_default();
    format!("{text}\n")
}
