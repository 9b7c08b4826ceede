//! One message to a page: what is new since its cursor, and the counts.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::time::SystemTime;

use serde::Serialize;

use super::bill::Bill;
use super::filter::Filter;
use super::item::Item;
use super::rate::SECONDS;
use super::row::Row;
use crate::store::{Store, Totals};

/// At most this many rows are in one message; older ones the page asks for when it wants them.
const MAX_ROWS: usize = 200;

/// At most this many names are counted one by one.
const MAX_NAMES: usize = 100;

/// How far a page has read. It is the id of a message, so that a browser resumes there by itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Cursor {
    epoch: u64,
    seq: u64,
    change: u64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.epoch, self.seq, self.change)
    }
}

impl FromStr for Cursor {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let mut numbers = text.split('.').map(|part| part.parse::<u64>().map_err(drop));
        let mut next = || numbers.next().ok_or(())?;
        Ok(Self { epoch: next()?, seq: next()?, change: next()? })
    }
}

/// What was read, before it becomes text.
pub(super) struct Reading {
    pub(super) cursor: Cursor,
    is_fresh: bool,
    matching: usize,
    items: Vec<Item>,
    changed: Vec<Item>,
    totals: Totals,
    statuses: BTreeMap<u16, u64>,
    bill: Bill,
    rate: [u32; SECONDS],
}

/// Reads what is new since `cursor`, or the newest if there is none.
pub(super) fn read(store: &Store, cursor: Option<Cursor>, filter: &Filter) -> Reading {
    // Without a filter nothing has to be looked at to be counted.
    let limit = if filter.is_empty() { MAX_ROWS } else { usize::MAX };
    let mut reading = store.read_feed(|epoch, feed, totals, requests| {
        let since = cursor.filter(|cursor| cursor.epoch == epoch);
        let after = since.map_or(0, |cursor| cursor.seq);
        let changed = since.and_then(|cursor| feed.changed_since(cursor.change, requests));
        Reading {
            cursor: Cursor { epoch, seq: feed.latest(), change: feed.changes() },
            is_fresh: changed.is_none(),
            matching: usize::try_from(feed.latest() - after.min(feed.latest())).unwrap_or(usize::MAX),
            items: feed.between(after, u64::MAX, limit, requests),
            changed: changed.unwrap_or_default(),
            totals: totals.clone(),
            statuses: feed.statuses().clone(),
            bill: feed.bill(),
            rate: feed.rate(SystemTime::now()),
        }
    });
    if !filter.is_empty() {
        reading.items.retain(|item| filter.wants(item));
        reading.matching = reading.items.len();
        reading.items.truncate(MAX_ROWS);
    }
    reading.is_fresh |= reading.matching > reading.items.len();
    reading
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
    counts: Counts<'a>,
}

#[derive(Serialize)]
struct Counts<'a> {
    requests: u64,
    requests_refused: u64,
    events_accepted: u64,
    unique_events: u64,
    duplicate_events: u64,
    silently_dropped: u64,
    body_bytes: u64,
    /// The most frequent first.
    names: Vec<(&'a str, u64)>,
    /// How many different names there are.
    distinct_names: usize,
    statuses: &'a BTreeMap<u16, u64>,
    bill: Bill,
    /// Events in each of the last seconds, the newest last.
    rate: &'a [u32],
}

impl Reading {
    /// As server-sent event.
    pub(super) fn to_text(&self) -> String {
        let message = Message {
            fresh: self.is_fresh,
            matching: self.matching,
            rows: self.items.iter().map(Row::of).collect(),
            changed: self.changed.iter().map(Row::of).collect(),
            counts: self.counts(),
        };
        // Text and numbers always become JSON, on one line.
        let json = serde_json::to_string(&message).unwrap_or_default();
        format!("id: {}\ndata: {json}\n\n", self.cursor)
    }

    fn counts(&self) -> Counts<'_> {
        let mut names: Vec<(&str, u64)> =
            self.totals.names.iter().map(|(name, count)| (name.as_str(), *count)).collect();
        names.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(b.0)));
        names.truncate(MAX_NAMES);
        Counts {
            requests: self.totals.requests,
            requests_refused: self.totals.requests_refused,
            events_accepted: self.totals.events_accepted,
            unique_events: self.totals.unique_events,
            duplicate_events: self.totals.duplicate_events,
            silently_dropped: self.totals.silently_dropped,
            body_bytes: self.totals.body_bytes,
            names,
            distinct_names: self.totals.names.len(),
            statuses: &self.statuses,
            bill: self.bill,
            rate: &self.rate,
        }
    }
}
