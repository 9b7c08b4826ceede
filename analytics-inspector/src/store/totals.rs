//! Counts over a whole run.

use std::collections::BTreeMap;
use std::fmt;

use serde::Serialize;

use crate::received::ReceivedEvent;

/// What an inspector has seen since it started or was last reset.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Totals {
    /// Requests that arrived, whatever their answer.
    pub requests: u64,
    /// Requests without a 2xx answer: refused, never answered, or not answered yet.
    pub requests_refused: u64,
    /// Events of requests answered 2xx, repeats included.
    pub events_accepted: u64,
    /// Accepted events that differ by uuid. One without a uuid is always a new one.
    pub unique_events: u64,
    /// Accepted events whose uuid was accepted before.
    pub duplicate_events: u64,
    /// Accepted events that PostHog would have [dropped silently](crate::ReceivedEvent::silently_dropped).
    pub silently_dropped: u64,
    /// Bytes of request bodies as they came over the wire, compressed if they were.
    pub body_bytes: u64,
    /// Accepted events by name, repeats included. Of a name the first 200 characters count, which is what PostHog
    /// stores of it, and of all names the first 10,000.
    pub names: BTreeMap<String, u64>,
    /// Accepted events under names beyond those.
    #[serde(skip_serializing_if = "is_zero")]
    pub other_names: u64,
    /// Readers of streams and of answers that were dropped because they [read nothing](crate::Limits::stall).
    #[serde(skip_serializing_if = "is_zero")]
    pub readers_dropped: u64,
}

const MAX_NAMES: usize = 10_000;
const MAX_NAME_CHARS: usize = 200;

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde asks for a reference")]
fn is_zero(count: &u64) -> bool {
    *count == 0
}

impl Totals {
    pub(super) fn count(&mut self, event: &ReceivedEvent, is_new: bool) {
        self.events_accepted += 1;
        self.silently_dropped += u64::from(event.dropped.is_some());
        if is_new {
            self.unique_events += 1;
        } else {
            self.duplicate_events += 1;
        }
        let name = beginning(&event.event);
        let is_full = self.names.len() >= MAX_NAMES;
        match self.names.get_mut(name) {
            Some(count) => *count += 1,
            None if !is_full => drop(self.names.insert(name.to_owned(), 1)),
            None => self.other_names += 1,
        }
    }
}

fn beginning(name: &str) -> &str {
    let end = name.char_indices().nth(MAX_NAME_CHARS).map_or(name.len(), |(end, _)| end);
    name.get(..end).unwrap_or(name)
}

impl fmt::Display for Totals {
    /// One line: `requests 3 (refused 1), events 40 (unique 38, repeated 2), bytes 12034`, and, if there are
    /// any, ` (1 would be dropped silently)` after the events and `, slow readers dropped 1` at the end.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "requests {} (refused {}), events {} (unique {}, repeated {})",
            self.requests, self.requests_refused, self.events_accepted, self.unique_events, self.duplicate_events,
        )?;
        if self.silently_dropped > 0 {
            write!(f, " ({} would be dropped silently)", self.silently_dropped)?;
        }
        write!(f, ", bytes {}", self.body_bytes)?;
        if self.readers_dropped > 0 {
            write!(f, ", slow readers dropped {}", self.readers_dropped)?;
        }
        Ok(())
    }
}
