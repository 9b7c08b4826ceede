//! One message to a page: what is new since its cursor, and the counts.

use std::fmt;
use std::str::FromStr;

use serde::Serialize;

use super::counts::Counts;
use super::row::Row;
use crate::filter::Filter;
use crate::store::{Item, Store};

/// At most this many rows are in one message; older ones the page asks for when it wants them.
const MAX_ROWS: usize = 200;

/// How far a page has read. It is the id of a message, so that a browser resumes there by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    feed: u64,
    seq: u64,
    change: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.feed, self.seq, self.change)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = text.split('.').map(|part| part.parse::<u64>().map_err(drop));
        let mut next = || numbers.next().ok_or(())?;
        Ok(Self { feed: next()?, seq: next()?, change: next()? })
    }
}

/// What was read, before it becomes text.
pub(super) struct Reading {
    pub(super) cursor: Cursor,
    is_fresh: bool,
    matching: usize,
    items: Vec<Item>,
    changed: Vec<Item>,
    /// Entries that changed and that the filter lets through no more.
    gone: Vec<u64>,
    counts: Counts,
}

/// Reads what is new since `cursor`, or the newest if there is none.
pub(super) fn read(store: &Store, cursor: Option<Cursor>, filter: &Filter) -> Reading {
    // Without a filter nothing has to be looked at to be counted.
    let limit = if filter.is_empty() { MAX_ROWS } else { usize::MAX };
    let mut reading = store.read_feed(|feed, totals, requests| {
        let since = cursor.filter(|cursor| cursor.feed == feed.id());
        let after = since.map_or(0, |cursor| cursor.seq);
        let changed = since.and_then(|cursor| feed.changed_since(cursor.change, requests));
        Reading {
            cursor: Cursor { feed: feed.id(), seq: feed.latest(), change: feed.changes() },
            is_fresh: changed.is_none(),
            matching: usize::try_from(feed.latest() - after.min(feed.latest())).unwrap_or(usize::MAX),
            items: feed.between(after, u64::MAX, limit, requests),
            changed: changed.unwrap_or_default(),
            gone: Vec::new(),
            counts: Counts::of(totals, feed),
        }
    });
    if !filter.is_empty() {
        reading.items.retain(|item| filter.wants(item));
        reading.gone = reading.changed.iter().filter(|item| !filter.wants(item)).map(|item| item.seq).collect();
        reading.changed.retain(|item| filter.wants(item));
        reading.matching = reading.items.len();
        reading.items.truncate(MAX_ROWS);
    }
    reading.is_fresh |= reading.matching > reading.items.len();
    reading
}

impl Reading {
    /// As server-sent event. `fault_edits` counts what was armed and disarmed so far.
    pub(super) fn to_text(&self, fault_edits: u64) -> String {
        let message = Message {
            fresh: self.is_fresh,
            matching: self.matching,
            rows: self.items.iter().map(Row::of).collect(),
            changed: self.changed.iter().map(Row::of).collect(),
            gone: &self.gone,
            counts: &self.counts,
            fault_edits,
        };
        // Text and numbers always become JSON, on one line.
        let json = serde_json::to_string(&message).unwrap_or_default();
        format!("id: {}\ndata: {json}\n\n", self.cursor)
    }
}

#[derive(Serialize)]
struct Message<'a> {
    /// Whether the page has to forget the rows it has: they do not join up with these.
    fresh: bool,
    /// How many entries the filter lets through, of those since the last message.
    matching: usize,
    /// The newest first.
    rows: Vec<Row<'a>>,
    /// Rows of requests that were settled meanwhile.
    changed: Vec<Row<'a>>,
    /// The places of those that the filter lets through no more.
    gone: &'a [u64],
    counts: &'a Counts,
    /// Another number than before means that faults were armed or disarmed.
    fault_edits: u64,
}
