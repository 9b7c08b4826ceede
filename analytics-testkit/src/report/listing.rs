//! What was recorded, in lines.

use analytics_core::OwnedRecord;

use crate::recording::{Snapshot, Why};
use crate::text::line;

/// The number of records that a message lists at most.
const LISTED: usize = 20;

/// The records under a heading, one a line; nothing where there are none.
pub(crate) fn listing<'r>(heading: &str, records: impl Iterator<Item = (usize, &'r OwnedRecord)>) -> String {
    let lines: Vec<String> = records.map(|(index, record)| numbered(index, record)).collect();
    if lines.is_empty() {
        return String::new();
    }
    let more = match lines.len().checked_sub(LISTED) {
        None | Some(0) => String::new(),
        Some(more) => format!("\n    … and {more} more"),
    };
    let shown: Vec<String> = lines.into_iter().take(LISTED).collect();
    format!("\n{heading}\n{}{more}", shown.join("\n"))
}

/// Everything that was recorded, and what was not.
pub(crate) fn all(snapshot: &Snapshot) -> String {
    let records = snapshot.records.iter().map(|record| &**record).enumerate();
    let listed = listing("recorded:", records);
    let told = if listed.is_empty() { "\nnothing was recorded".to_owned() } else { listed };
    told + &notes(snapshot)
}

/// The events that were not kept, and what was left out of those that were: what is missing may be among it.
pub(super) fn notes(snapshot: &Snapshot) -> String {
    let lost = snapshot.losses.iter().map(|loss| {
        let event = loss.name.as_deref().unwrap_or("a record");
        match &loss.why {
            Why::Panicked(said) => format!("{event} was dropped, because a property of it panicked: {said}"),
            Why::Refused(refusal) => format!("{event} was dropped, as production drops it: {refusal}"),
        }
    });
    let left_out = snapshot.left_out.iter().map(|(place, property)| {
        format!("a property of #{} was left out, as production leaves it out: {property}", place + 1)
    });
    let notes: Vec<_> = lost.chain(left_out).take(LISTED).map(|note| format!("\nnote: {}", line(&note))).collect();
    notes.concat()
}

/// `#3 u1 copilot_tool_called tool_name=search`, indented.
pub(super) fn numbered(index: usize, record: &OwnedRecord) -> String {
    format!("    #{} {}", index + 1, line(&record.to_string()))
}
