//! The feed: accepted events, and the requests that something came between, in one order.

mod attempts;
mod bill;
mod item;
mod rate;

use std::collections::{BTreeMap, VecDeque};
use std::sync::Arc;
use std::time::{SystemTime, UNIX_EPOCH};

pub(crate) use self::attempts::Attempt;
use self::attempts::Attempts;
pub(crate) use self::bill::Bill;
pub(crate) use self::item::{EntryStatus, Item, What};
use self::rate::{Rate, SECONDS};
use super::requests::RequestRing;
use crate::received::{ReceivedEvent, ReceivedRequest};

/// How many requests, and how many changes of them, the feed remembers.
const REQUEST_CAPACITY: usize = 10_000;

/// How many changes are worth telling one by one.
const MAX_CHANGES: usize = 200;

/// What the store keeps for the page. Events are bounded as the store's own ring is, which holds the same
/// events, so this costs a few words for each.
pub(crate) struct Feed {
    /// Tells this feed from the one before a reset, and from those of other runs.
    id: u64,
    latest: u64,
    events: VecDeque<EventEntry>,
    event_bytes: usize,
    capacity: usize,
    capacity_bytes: usize,
    requests: VecDeque<RequestEntry>,
    /// Requests of the feed that were settled after they had been shown; the latest has number `changes`.
    changed: VecDeque<RequestEntry>,
    changes: u64,
    attempts: Attempts,
    statuses: BTreeMap<u16, u64>,
    bill: Bill,
    rate: Rate,
}

struct EventEntry {
    seq: u64,
    at: SystemTime,
    attempt: u32,
    is_repeat: bool,
    event: Arc<ReceivedEvent>,
}

#[derive(Clone, Copy)]
struct RequestEntry {
    seq: u64,
    number: u64,
}

impl Feed {
    pub(crate) fn new(capacity: usize, capacity_bytes: usize) -> Self {
        let since_epoch = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        Self {
            id: u64::try_from(since_epoch.as_nanos()).unwrap_or(0),
            latest: 0,
            events: VecDeque::new(),
            event_bytes: 0,
            capacity,
            capacity_bytes,
            requests: VecDeque::new(),
            changed: VecDeque::new(),
            changes: 0,
            attempts: Attempts::default(),
            statuses: BTreeMap::new(),
            bill: Bill::default(),
            rate: Rate::new(),
        }
    }

    pub(crate) fn clear(&mut self) {
        *self = Self { id: self.id + 1, ..Self::new(self.capacity, self.capacity_bytes) };
    }

    /// Notes a request that has its number.
    pub(crate) fn record_request(&mut self, request: &ReceivedRequest, attempt: Attempt) {
        self.attempts.record_request(request.number, attempt);
        if is_told_apart(request) {
            self.show(request.number);
        }
    }

    /// Notes how a request was answered. It is `None` if it is forgotten meanwhile.
    pub(crate) fn settle(&mut self, request: Option<&ReceivedRequest>, status: Option<u16>) {
        if let Some(status) = status {
            *self.statuses.entry(status).or_default() += 1;
        }
        match request {
            Some(request) if is_told_apart(request) => self.change(request.number),
            Some(request) if !status.is_some_and(|status| (200..300).contains(&status)) => self.show(request.number),
            _ => {}
        }
    }

    /// Notes what accepted events add to the bill and to the rate.
    pub(crate) fn count(&mut self, accepted: &[Arc<ReceivedEvent>], at: SystemTime) {
        self.bill += Bill::of(accepted);
        self.rate.count(seconds(at), accepted.len());
    }

    /// Notes an accepted event.
    pub(crate) fn accept(&mut self, event: &Arc<ReceivedEvent>, is_new: bool, at: SystemTime) {
        self.latest += 1;
        self.event_bytes += event.json().len();
        self.events.push_back(EventEntry {
            seq: self.latest,
            at,
            attempt: self.attempts.of(event.request),
            is_repeat: !is_new,
            event: Arc::clone(event),
        });
        while self.events.len() > self.capacity || self.event_bytes > self.capacity_bytes {
            let Some(oldest) = self.events.pop_front() else {
                break;
            };
            self.event_bytes -= oldest.event.json().len();
        }
    }

    fn show(&mut self, number: u64) {
        self.latest += 1;
        push_bounded(&mut self.requests, RequestEntry { seq: self.latest, number });
    }

    fn change(&mut self, number: u64) {
        if let Some(entry) = self.requests.iter().rev().find(|entry| entry.number == number) {
            self.changes += 1;
            push_bounded(&mut self.changed, *entry);
        }
    }

    pub(crate) fn id(&self) -> u64 {
        self.id
    }

    pub(crate) fn latest(&self) -> u64 {
        self.latest
    }

    pub(crate) fn changes(&self) -> u64 {
        self.changes
    }

    pub(crate) fn statuses(&self) -> &BTreeMap<u16, u64> {
        &self.statuses
    }

    pub(crate) fn bill(&self) -> Bill {
        self.bill
    }

    pub(crate) fn rate(&mut self, until: SystemTime) -> [u32; SECONDS] {
        self.rate.until(seconds(until))
    }

    /// The entries after `after` and before `before`, the newest first, at most `limit`.
    pub(crate) fn between(&self, after: u64, before: u64, limit: usize, requests: &RequestRing) -> Vec<Item> {
        let is_wanted = |seq: u64| seq > after && seq < before;
        let newest = self.events.partition_point(|entry| entry.seq < before);
        let mut events = self.events.range(..newest).rev().take_while(|entry| is_wanted(entry.seq)).peekable();
        let newest = self.requests.partition_point(|entry| entry.seq < before);
        let mut shown = self.requests.range(..newest).rev().take_while(|entry| is_wanted(entry.seq)).peekable();
        let mut items = Vec::new();
        while items.len() < limit {
            let is_event = match (events.peek(), shown.peek()) {
                (Some(event), Some(request)) => event.seq > request.seq,
                (Some(_), None) => true,
                (None, Some(_)) => false,
                (None, None) => break,
            };
            if is_event {
                items.extend(events.next().map(EventEntry::item));
            } else {
                items.extend(shown.next().and_then(|entry| self.request_item(*entry, requests)));
            }
        }
        items
    }

    /// The requests that were settled since `since` changes; `None` if there were more than [`MAX_CHANGES`].
    pub(crate) fn changed_since(&self, since: u64, requests: &RequestRing) -> Option<Vec<Item>> {
        let count = usize::try_from(self.changes.checked_sub(since)?).ok()?;
        let start = self.changed.len().checked_sub(count).filter(|_| count <= MAX_CHANGES)?;
        let changed = self.changed.range(start..);
        Some(changed.filter_map(|entry| self.request_item(*entry, requests)).collect())
    }

    fn request_item(&self, entry: RequestEntry, requests: &RequestRing) -> Option<Item> {
        let request = requests.get(entry.number)?.clone();
        Some(Item { seq: entry.seq, attempt: self.attempts.of(entry.number), what: What::Request(Box::new(request)) })
    }
}

impl EventEntry {
    fn item(&self) -> Item {
        let what = What::Event { event: Arc::clone(&self.event), at: self.at, is_repeat: self.is_repeat };
        Item { seq: self.seq, attempt: self.attempt, what }
    }
}

fn seconds(time: SystemTime) -> u64 {
    time.duration_since(UNIX_EPOCH).unwrap_or_default().as_secs()
}

/// Whether a request is an entry of its own from its arrival on.
fn is_told_apart(request: &ReceivedRequest) -> bool {
    request.fault.is_some() || request.reason.is_some()
}

fn push_bounded(entries: &mut VecDeque<RequestEntry>, entry: RequestEntry) {
    entries.push_back(entry);
    if entries.len() > REQUEST_CAPACITY {
        entries.pop_front();
    }
}
