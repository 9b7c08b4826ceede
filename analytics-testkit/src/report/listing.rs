//! What was recorded, in lines.

use analytics_core::OwnedRecord;

use super::clip::line;
use crate::recording::Snapshot;

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

/// Everything that was recorded, and what could not be.
pub(crate) fn all(snapshot: &Snapshot) -> String {
    let records = snapshot.records.iter().map(|record| &**record).enumerate();
    let listed = listing("recorded:", records);
    let told = if listed.is_empty() { "\nnothing was recorded".to_owned() } else { listed };
    told + &losses(snapshot)
}

/// The events that a panic cost: what is missing may be among them.
pub(super) fn losses(snapshot: &Snapshot) -> String {
    let told = snapshot.losses.iter().take(LISTED).map(|loss| {
        let event = loss.name.as_deref().unwrap_or("a record");
        format!("\nnote: {event} was dropped, because a property of it panicked: {}", line(&loss.panic))
    });
    told.collect()
}

/// `#3 u1 copilot_tool_called tool_name=search`, indented.
pub(super) fn numbered(index: usize, record: &OwnedRecord) -> String {
    format!("    #{} {}", index + 1, line(&record.to_string()))
}
