//! Did you mean …?

use std::collections::BTreeSet;

use crate::expected::Subject;
use crate::recording::Snapshot;
use crate::text::closest;

/// `; did you mean …?`, where nothing of `subject` was recorded, but an event of a similar name was.
pub(crate) fn did_you_mean(subject: &Subject, snapshot: &Snapshot) -> String {
    let Subject::Event(name) = subject else { return String::new() };
    let names: BTreeSet<&str> = snapshot.records.iter().filter_map(|record| record.name()).collect();
    let names: Vec<&str> = names.into_iter().collect();
    if names.contains(&name.as_str()) {
        return String::new();
    }
    closest(name, &names).map(|similar| format!("; did you mean `{similar}`?")).unwrap_or_default()
}
