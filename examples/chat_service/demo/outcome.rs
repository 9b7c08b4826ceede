//! What became of a transcript's events.

use std::time::Duration;

use product_analytics::Ledger;

use super::inspected::Inspected;
use super::player::Answers;
use super::transcript::Transcript;

/// What became of a transcript's events. Displays as a summary for a terminal.
#[derive(Debug)]
pub struct Outcome {
    pub(super) transcript: Transcript,
    pub(super) answers: Answers,
    pub(super) took: Duration,
    pub(super) ledger: Ledger,
    pub(super) inspected: Inspected,
}
