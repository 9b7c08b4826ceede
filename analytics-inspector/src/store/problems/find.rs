//! Finding them in what is remembered.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use uuid::Uuid;

use super::problem::{Problem, Problems};
use super::refused::Refused;
use super::reused::reused;
use super::snapshot::Snapshot;
use crate::loss::LossReason;
use crate::received::{ContainedEvent, ReceivedEvent};
use crate::store::Store;

/// How many are told one by one.
const MAX_TOLD: usize = 10_000;

/// A longer text is cut here.
const MAX_CHARS: usize = 200;

/// A problem that is not written out yet.
#[derive(Debug, Clone, Copy)]
enum Found<'a> {
    Accepted(&'a ReceivedEvent, LossReason),
    Refused(&'a Refused, &'a ContainedEvent<'a>, LossReason),
    Unreadable(&'a Refused),
}

/// By what an event is known again: without a uuid by its text.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
enum Identity<'a> {
    Uuid(Uuid),
    Text(&'a str),
}

impl Store {
    /// What is not stored of all that is remembered.
    pub(crate) fn problems(&self) -> Problems {
        let snapshot = Snapshot::of(&self.lock());
        find(&snapshot, |uuids| {
            let state = self.lock();
            uuids.iter().copied().filter(|uuid| state.uuids.contains(uuid)).collect()
        })
    }
}

/// Looks for problems. `delivered` tells which of some uuids were ever accepted.
fn find(snapshot: &Snapshot, delivered: impl FnOnce(&[Uuid]) -> HashSet<Uuid>) -> Problems {
    let contents: Vec<_> = snapshot.refused.iter().map(|refused| (refused, refused.events())).collect();
    let uuids: Vec<Uuid> = contents.iter().flat_map(|(_, events)| events).filter_map(|(event, _)| event.uuid).collect();
    let mut seen = Seen::new(&snapshot.events, delivered(&uuids));
    let mut found = Vec::new();
    for (refused, events) in contents.iter().rev() {
        if refused.is_unreadable(events) {
            found.push(Found::Unreadable(refused));
        }
        let lost = events.iter().filter(|(event, _)| !seen.is_later(event, refused.number));
        found.extend(lost.map(|(event, reason)| Found::Refused(refused, event, *reason)));
        for (event, _) in events {
            seen.note(event, refused.number);
        }
    }
    let mut told = HashSet::new();
    let dropped = snapshot.events.iter().rev().filter_map(|event| Some((event, event.dropped?)));
    let dropped = dropped.filter(|(event, _)| event.id.is_none_or(|id| told.insert(id)));
    found.extend(dropped.map(|(event, reason)| Found::Accepted(event, reason)));
    found.extend(reused(&snapshot.events).into_iter().map(|event| Found::Accepted(event, LossReason::UuidReused)));
    found.sort_by_key(|found| Reverse(found.request()));
    let list = found.iter().take(MAX_TOLD).map(|found| found.problem(&snapshot.statuses)).collect();
    Problems { list, count: found.len(), is_complete: snapshot.is_complete }
}

/// Which events came again, or were accepted.
struct Seen<'a> {
    accepted: HashSet<Uuid>,
    /// The last request that brought it.
    last: HashMap<Identity<'a>, u64>,
}

impl<'a> Seen<'a> {
    fn new(events: &'a [Arc<ReceivedEvent>], accepted: HashSet<Uuid>) -> Self {
        // Events are in the order of acceptance, which is not that of arrival.
        let mut last = HashMap::new();
        for event in events.iter().filter(|event| event.id.is_none()) {
            let number: &mut u64 = last.entry(Identity::Text(event.json())).or_default();
            *number = event.request.max(*number);
        }
        Self { accepted, last }
    }

    /// Whether the event was accepted, or a later request brought it again, which then counts in its place.
    fn is_later(&self, event: &ContainedEvent<'a>, request: u64) -> bool {
        event.uuid.is_some_and(|uuid| self.accepted.contains(&uuid))
            || self.last.get(&Identity::of(event)).is_some_and(|last| *last > request)
    }

    fn note(&mut self, event: &ContainedEvent<'a>, request: u64) {
        let last = self.last.entry(Identity::of(event)).or_default();
        *last = request.max(*last);
    }
}

impl<'a> Identity<'a> {
    fn of(event: &ContainedEvent<'a>) -> Self {
        event.uuid.map_or(Self::Text(event.json), Self::Uuid)
    }
}

impl Found<'_> {
    fn request(self) -> u64 {
        match self {
            Self::Accepted(event, _) => event.request,
            Self::Refused(refused, ..) | Self::Unreadable(refused) => refused.number,
        }
    }

    fn problem(self, statuses: &HashMap<u64, Option<u16>>) -> Problem {
        let request = self.request();
        let status = statuses.get(&request).copied().flatten();
        let of = |reason: LossReason| Problem {
            request,
            status,
            endpoint: None,
            event: None,
            uuid: None,
            distinct_id: None,
            reason: reason.as_str(),
            details: None,
            fix: reason.fix(),
        };
        match self {
            Self::Accepted(event, reason) => Problem {
                event: Some(cut(&event.event)),
                uuid: event.uuid.clone(),
                distinct_id: Some(cut(&event.distinct_id)),
                ..of(reason)
            },
            Self::Refused(refused, event, reason) => Problem {
                event: event.name.as_deref().map(cut),
                uuid: event.uuid.as_ref().map(Uuid::to_string),
                distinct_id: event.distinct_id.as_deref().map(cut),
                details: refused.details.as_deref().map(cut),
                ..of(reason)
            },
            Self::Unreadable(refused) => Problem {
                endpoint: Some(cut(&refused.endpoint)),
                details: refused.details.as_deref().map(cut),
                ..of(refused.reason)
            },
        }
    }
}

fn cut(text: &str) -> String {
    text.chars().take(MAX_CHARS).collect()
}
