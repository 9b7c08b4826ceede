//! Who comes in: the room for events, and what is dropped for one.

use analytics_core::{DropReason, EventId, Receipt, Settlement};

use super::route_state::RouteState;
use super::{Engine, LogLine, Phase};
use crate::policy::Link;
use crate::queue::{AgeUnits, ENTRY_BYTES, Sum};
use crate::{Overflow, Route};

/// Older events that are dropped at most for one newer event. One that needs more room than they leave is refused.
const MOST_DISPLACED: usize = 64;

/// A record that was written down, and how it comes in.
pub(crate) struct Admission<'a> {
    pub(crate) route: Route,
    /// What the encoder wrote.
    pub(crate) event: &'a [u8],
    /// Whether it may use the room kept for critical events.
    pub(crate) critical: bool,
    /// Whether it waits for room: then no other event is dropped for it.
    pub(crate) waits: bool,
    /// Makes the receipt of whoever waits for word of it. Asked once the event is in: a receipt has to be answered.
    pub(crate) receipt: &'a dyn Fn() -> Option<Receipt>,
    /// Properties that were left out of it.
    pub(crate) left_out: usize,
    /// What is to be logged of those.
    pub(crate) lines: Vec<LogLine>,
}

/// A record that did not come in.
#[derive(Debug)]
pub(crate) struct Refused {
    pub(crate) reason: DropReason,
    /// Its id, if observers want to know of it.
    pub(crate) id: Option<EventId>,
    /// What is to be logged of it.
    pub(crate) line: Option<LogLine>,
}

impl Engine {
    /// Lets an event in, or says why not; what is refused is counted by [`refuse`](Self::refuse), unless it waits for room.
    pub(crate) fn admit(&mut self, admission: Admission<'_>) -> Result<(), DropReason> {
        let Admission { route, event, critical, waits, receipt, left_out, lines } = admission;
        for line in lines {
            self.effects.log(line);
        }
        if self.phase != Phase::Running {
            return Err(DropReason::Closed);
        }
        if event.len() + ENTRY_BYTES > self.limits(critical).1 {
            // It will not fit into an empty queue either.
            return Err(DropReason::TooLarge);
        }
        if !self.has_room_for(event.len(), critical) {
            if waits {
                self.wanted = self.wanted.max(event.len());
                return Err(DropReason::QueueFull);
            }
            self.make_room_for(event.len(), critical).ok_or(DropReason::QueueFull)?;
        }
        if event.len() >= self.wanted {
            self.wanted = 0;
        }
        let route_index = self.route_index(route);
        let Some(state) = self.routes.get_mut(route_index) else { return Err(DropReason::QueueFull) };
        let seq = state.queue.push(event, self.looked_at, &mut self.pool);
        if let Some(receipt) = receipt() {
            state.queue.set_receipt(seq, self.receipts.keep(receipt));
        }
        self.live_bytes += event.len();
        self.ledger.add_properties_dropped(left_out as u64);
        if !self.is_woken && state.wakes(&self.batching) {
            self.wake();
        }
        Ok(())
    }

    /// Counts a record that did not come in, and of which nobody is told.
    pub(crate) fn count_dropped(&mut self, reason: DropReason) {
        self.ledger.add_dropped(reason, 1);
    }

    /// Counts a record that did not come in.
    pub(crate) fn refuse(&mut self, refused: Refused) {
        let Refused { reason, id, line } = refused;
        self.count_dropped(reason);
        self.effects.dropped(reason, id, None);
        if let Some(line) = line {
            self.effects.log(line);
        }
    }

    pub(super) fn route_index(&mut self, route: Route) -> usize {
        self.routes.iter().position(|state| state.route == route).unwrap_or_else(|| {
            let most = self.config.queue_bytes.get() / ENTRY_BYTES;
            let link = Link::new(self.config.batch_bytes.get(), self.config.request_timeout);
            self.routes.push(RouteState::new(route, self.config.queue_events.get().min(most), link));
            self.routes.len() - 1
        })
    }

    /// The limits of events and of bytes. The last twentieth of both is for critical events.
    fn limits(&self, critical: bool) -> (usize, usize) {
        let open = |limit: usize| if critical { limit } else { limit - limit / 20 };
        (open(self.config.queue_events.get()), open(self.config.queue_bytes.get()))
    }

    /// Whether an event of `len` bytes may come in.
    pub(super) fn has_room_for(&self, len: usize, critical: bool) -> bool {
        let (events, bytes) = self.limits(critical);
        self.live_events() < events && self.with_index(self.live_bytes.saturating_add(len)) <= bytes
    }

    /// `bytes` with an index that has one entry more. It counts whole: behind an event that takes long, settled ones
    /// keep their entries.
    fn with_index(&self, bytes: usize) -> usize {
        let entries: usize = self.routes.iter().map(|state| state.queue.index_len()).sum();
        bytes.saturating_add((entries + 1).saturating_mul(ENTRY_BYTES))
    }

    /// Drops the oldest events that wait until one of `len` bytes may come in, if that is the policy and can be done.
    fn make_room_for(&mut self, len: usize, critical: bool) -> Option<()> {
        if self.config.overflow != Overflow::DropOldest || !self.is_room_to_make(len, critical) {
            return None;
        }
        for _ in 0..MOST_DISPLACED {
            let (_, route_index, seq) = self.oldest()?;
            self.account(route_index, seq, Settlement::Dropped(DropReason::QueueFull));
            if !std::mem::replace(&mut self.has_displaced, true) {
                self.effects.log(LogLine::Displaced);
            }
            if self.has_room_for(len, critical) {
                return Some(());
            }
        }
        None
    }

    /// Whether dropping the oldest events that wait, and few enough of them, leaves room for one of `len` bytes.
    fn is_room_to_make(&mut self, len: usize, critical: bool) -> bool {
        let (events, bytes) = self.limits(critical);
        let kept = |count: fn(Sum) -> usize| {
            let of_route = |state: &RouteState| count(state.queue.waiting()) + count(state.queue.retained());
            self.routes.iter().map(of_route).sum::<usize>()
        };
        let in_flight_bytes = self.live_bytes - kept(|sum| sum.bytes);
        let in_flight_events = self.live_events() - kept(|sum| sum.events);
        // What is in flight stays, and so may the entries behind it; nothing is dropped for an event that they leave no
        // room for, or that would empty half of the queue.
        let needed = self.with_index(in_flight_bytes.saturating_add(len));
        let is_possible = in_flight_events < events && needed <= bytes && len <= bytes / 2;
        is_possible && self.is_freed_by_few(self.with_index(self.live_bytes.saturating_add(len)).saturating_sub(bytes))
    }

    /// Whether the oldest events that wait, and no more than may be dropped for one, free so many bytes.
    fn is_freed_by_few(&mut self, bytes: usize) -> bool {
        // Most events are alike: the oldest one is enough.
        let first = self.oldest().and_then(|(_, route_index, seq)| self.routes.get(route_index)?.queue.bytes(seq));
        if first.is_some_and(|event| event.len() >= bytes) {
            return true;
        }
        let mut oldest: Vec<_> = self.routes.iter().flat_map(|state| state.queue.oldest(MOST_DISPLACED)).collect();
        oldest.sort_by_key(|(queued_at, _)| *queued_at);
        let freed: usize = oldest.iter().take(MOST_DISPLACED).map(|(_, len)| len + ENTRY_BYTES).sum();
        freed >= bytes
    }

    /// The event that has waited longest: its age, its route and its sequence number.
    fn oldest(&mut self) -> Option<(AgeUnits, usize, u64)> {
        let of_routes = self.routes.iter_mut().enumerate();
        of_routes.filter_map(|(route_index, state)| state.oldest().map(|(seq, at)| (at, route_index, seq))).min()
    }

    /// Whether whoever waits for room may try again, or waiting has no sense any more.
    pub(crate) fn has_room_or_is_closed(&self) -> bool {
        // What only the room for critical events can hold waits for that.
        let critical = self.wanted + ENTRY_BYTES > self.limits(false).1;
        self.phase != Phase::Running || self.has_room_for(self.wanted, critical)
    }
}
