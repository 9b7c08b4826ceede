//! Which losses the log was told of: the first for each cause, and no more.

use std::sync::atomic::{AtomicBool, Ordering};

use analytics_core::unwind::catch_panic;
use analytics_core::{DropReason, LeftOut, MAX_NAME_BYTES, OncePerKey, Record, Refusal};
use analytics_rules::display::OneLine;

use crate::engine::LogLine;

/// Which losses the log was told of.
#[derive(Debug)]
pub(crate) struct Losses {
    /// The keys of properties that were left out.
    left_out_keys: OncePerKey,
    /// Records that were dropped for a reason that says it all: each reason once.
    reasons: [AtomicBool; DropReason::ALL.len()],
    /// Records for whose drop the encoder has a cause: each name and reason once.
    refusals: OncePerKey,
}

impl Losses {
    pub(crate) fn new() -> Self {
        let reasons = [const { AtomicBool::new(false) }; DropReason::ALL.len()];
        Self { left_out_keys: OncePerKey::new(), reasons, refusals: OncePerKey::new() }
    }

    /// What is to be logged of properties that were left out of `record`.
    #[inline]
    pub(crate) fn left_out(&self, record: &Record<'_>, left_out: &[LeftOut]) -> Vec<LogLine> {
        // As of most records.
        if left_out.is_empty() {
            return Vec::new();
        }
        let news = left_out.iter().filter(|property| self.left_out_keys.is_first(property.key()));
        news.map(|property| LogLine::LeftOut { record: name(record), property: property.to_string() }).collect()
    }

    /// What is to be logged of a record that did not come in.
    pub(crate) fn refused(&self, record: &Record<'_>, refusal: &Refusal) -> Option<LogLine> {
        let (reason, why) = (refusal.reason(), refusal.why());
        if why.is_empty() {
            let line = || LogLine::Lost { record: name(record), reason, why: String::new() };
            return self.is_first(reason).then(line);
        }
        let record = name(record);
        let is_first = self.refusals.is_first(&format!("{reason} {record}"));
        is_first.then(|| LogLine::Lost { record, reason, why: why.to_string() })
    }

    fn is_first(&self, reason: DropReason) -> bool {
        let place = DropReason::ALL.iter().position(|other| *other == reason);
        let told = place.and_then(|place| self.reasons.get(place));
        // Looked at before it is set: a full queue asks for every event.
        told.is_some_and(|told| !told.load(Ordering::Relaxed) && !told.swap(true, Ordering::Relaxed))
    }
}

/// What a log may tell of a record: its name, no values.
fn name(record: &Record<'_>) -> String {
    match catch_panic(|| record.action()) {
        Some(action) => OneLine::new(&action.name()).at_most(MAX_NAME_BYTES).to_string(),
        None => "an event whose name panics".to_owned(),
    }
}
