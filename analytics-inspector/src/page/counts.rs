//! The numbers of the rail.

use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::time::SystemTime;

use serde::Serialize;

use crate::store::{Bill, Feed, Totals};

/// At most this many names are counted one by one.
const MAX_NAMES: usize = 100;

/// Counts over the whole run.
#[derive(Debug, Serialize)]
pub(super) struct Counts {
    requests: u64,
    requests_refused: u64,
    events_accepted: u64,
    unique_events: u64,
    duplicate_events: u64,
    silently_dropped: u64,
    body_bytes: u64,
    /// The most frequent first.
    names: Vec<(String, u64)>,
    /// How many different names there are.
    distinct_names: usize,
    statuses: BTreeMap<u16, u64>,
    bill: Bill,
    /// Events in each of the last seconds, the newest last.
    rate: Vec<u32>,
}

impl Counts {
    pub(super) fn of(totals: &Totals, feed: &mut Feed) -> Self {
        Self {
            requests: totals.requests,
            requests_refused: totals.requests_refused,
            events_accepted: totals.events_accepted,
            unique_events: totals.unique_events,
            duplicate_events: totals.duplicate_events,
            silently_dropped: totals.silently_dropped,
            body_bytes: totals.body_bytes,
            names: most_frequent(&totals.names),
            distinct_names: totals.names.len(),
            statuses: feed.statuses().clone(),
            bill: feed.bill(),
            rate: feed.rate(SystemTime::now()).to_vec(),
        }
    }
}

fn most_frequent(names: &BTreeMap<String, u64>) -> Vec<(String, u64)> {
    let mut names: Vec<(&String, u64)> = names.iter().map(|(name, count)| (name, *count)).collect();
    let order = |entry: &(&String, u64)| Reverse(entry.1);
    if names.len() > MAX_NAMES {
        names.select_nth_unstable_by_key(MAX_NAMES, order);
        names.truncate(MAX_NAMES);
    }
    names.sort_by(|a, b| b.1.cmp(&a.1).then_with(|| a.0.cmp(b.0)));
    names.into_iter().map(|(name, count)| (name.clone(), count)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_most_frequent_names_are_told() {
        let names: BTreeMap<String, u64> = (0..1_000_u64).map(|count| (format!("e{count}"), count)).collect();
        let told = most_frequent(&names);
        assert_eq!(told.len(), MAX_NAMES);
        assert_eq!((told[0].clone(), told[99].clone()), (("e999".to_owned(), 999), ("e900".to_owned(), 900)));
    }
}
