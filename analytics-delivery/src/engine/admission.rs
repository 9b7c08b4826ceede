//! Who comes in: the room for events, and what is dropped for one.

use analytics_core::{DropReason, EventId, Receipt, Settlement};

use super::route_state::RouteState;
use super::{Engine, LogLine, Phase, RouteId};
use crate::config::Overflow;
use crate::order::{Order, OrderKey};
use crate::policy::Link;
use crate::queue::{AgeUnits, ENTRY_BYTES, EntryId, EventTotals, Queue};
use crate::route::Route;

/// Older events that are dropped at most for one newer event. One that needs more room than they leave is refused.
const MOST_DISPLACED: usize = 64;

/// An actor whose events keep their order takes a fourth of the queue at most, or one batch if that is more: they are
/// in one request at a time, so that one who does more than that carries would take all of it.
const SHARES: usize = 4;

/// A record that was written down, and how it comes in.
pub(crate) struct Admission<'a> {
    pub(crate) route: Route,
    /// Among whose events it keeps its place.
    pub(crate) order: OrderKey,
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

/// What queues weigh beside their events.
#[derive(Debug, Default)]
struct QueueWeight {
    live_events: usize,
    entries: usize,
    sparse_bytes: usize,
}

impl QueueWeight {
    /// `bytes` of events with their index, one entry more, and the chunks that hold little else than what was settled.
    fn with(&self, bytes: usize) -> usize {
        (self.entries + 1).saturating_mul(ENTRY_BYTES).saturating_add(self.sparse_bytes).saturating_add(bytes)
    }
}

impl Engine {
    /// Lets an event in, or says why not; what is refused is counted by [`refuse`](Self::refuse), unless it waits for
    /// room.
    pub(crate) fn admit(&mut self, admission: Admission<'_>) -> Result<(), DropReason> {
        let Admission { route, order, event, critical, waits, receipt, left_out, lines } = admission;
        // To drop an iterator of none costs a track 24 instructions.
        if !lines.is_empty() {
            for line in lines {
                self.effects.log(line);
            }
        }
        if self.phase != Phase::Running {
            return Err(DropReason::Closed);
        }
        if event.len() + ENTRY_BYTES > self.limits(critical).1 {
            // It will not fit into an empty queue either.
            return Err(DropReason::TooLarge);
        }
        let route_id = self.route_id(route);
        let hash = order.hash().filter(|_| self.config.order == Order::Actor);
        if let Some(hash) = hash
            && !self.has_share_for(route_id, hash, event.len())
        {
            if waits {
                self.wanted_share = Some((route_id, hash, event.len()));
                return Err(DropReason::QueueFull);
            }
            self.make_share_for(route_id, hash, event.len(), critical).ok_or(DropReason::QueueFull)?;
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
        if self.wanted_share.is_some_and(|(_, wanted, _)| Some(wanted) == hash) {
            self.wanted_share = None;
        }
        let state = &mut self.routes[route_id];
        let id = state.queue.push(event, hash, self.looked_at, &mut self.pool);
        if let Some(receipt) = receipt() {
            state.queue.set_receipt(id, self.receipts.keep(receipt));
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

    pub(super) fn route_id(&mut self, route: Route) -> RouteId {
        self.routes.find(route).unwrap_or_else(|| {
            let most = self.config.queue_bytes.get() / ENTRY_BYTES;
            let link = Link::new(self.config.batch_bytes.get(), self.config.request_timeout);
            let (queue_events, batch_events) = (self.config.queue_events.get().min(most), self.batching.max_events);
            self.routes.add(RouteState::new(route, Queue::new(queue_events, batch_events, &self.pool), link))
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
        let weight = self.queue_weight();
        weight.live_events < events && weight.with(self.live_bytes.saturating_add(len)) <= bytes
    }

    fn queue_weight(&self) -> QueueWeight {
        let mut weight = QueueWeight::default();
        for RouteState { queue, .. } in self.routes.iter() {
            weight.live_events += queue.live_events();
            weight.entries += queue.index_len();
            weight.sparse_bytes += queue.sparse_bytes();
        }
        weight
    }

    /// Whether an event of `len` bytes leaves three fourths of the queue to other actors than the one of `hash`.
    fn has_share_for(&self, route_id: RouteId, hash: u64, len: usize) -> bool {
        self.is_a_share(self.routes[route_id].queue.share(hash), len)
    }

    /// Whether an actor that has these events may have one of `len` bytes more. One that has none may have a large one.
    fn is_a_share(&self, EventTotals { events, bytes }: EventTotals, len: usize) -> bool {
        let most_events = (self.config.queue_events.get() / SHARES).max(self.config.batch_events.get());
        let most_bytes = (self.config.queue_bytes.get() / SHARES).max(self.config.batch_bytes.get());
        let weight = (events + 1).saturating_mul(ENTRY_BYTES).saturating_add(bytes).saturating_add(len);
        events == 0 || events < most_events && weight <= most_bytes
    }

    /// Drops the actor's oldest events that wait, until it may have one of `len` bytes more, if that is the policy and
    /// can be done.
    fn make_share_for(&mut self, route_id: RouteId, hash: u64, len: usize, critical: bool) -> Option<()> {
        let can_come_in = self.has_room_for(len, critical) || self.is_room_to_make(len, critical);
        if self.config.overflow != Overflow::DropOldest || !can_come_in {
            return None;
        }
        let queue = &self.routes[route_id].queue;
        let (mut share, mut displaced) = (queue.share(hash), Vec::new());
        for (id, len_of_oldest) in queue.oldest_of(hash, MOST_DISPLACED) {
            share.subtract(len_of_oldest);
            displaced.push(id);
            if self.is_a_share(share, len) {
                for id in displaced {
                    self.displace(route_id, id);
                }
                return Some(());
            }
        }
        None
    }

    /// Drops an event for a newer one.
    fn displace(&mut self, route_id: RouteId, id: EntryId) {
        self.account(route_id, id, Settlement::Dropped(DropReason::QueueFull));
        if !std::mem::replace(&mut self.has_displaced, true) {
            self.effects.log(LogLine::Displaced);
        }
    }

    /// Drops the oldest events that wait until one of `len` bytes may come in, if that is the policy and can be done.
    fn make_room_for(&mut self, len: usize, critical: bool) -> Option<()> {
        if self.config.overflow != Overflow::DropOldest || !self.is_room_to_make(len, critical) {
            return None;
        }
        for _ in 0..MOST_DISPLACED {
            let (_, route_id, id) = self.oldest()?;
            self.displace(route_id, id);
            if self.has_room_for(len, critical) {
                return Some(());
            }
        }
        None
    }

    /// Whether dropping the oldest events that wait, and few enough of them, leaves room for one of `len` bytes.
    fn is_room_to_make(&self, len: usize, critical: bool) -> bool {
        let (events, bytes) = self.limits(critical);
        let kept = |count: fn(EventTotals) -> usize| {
            let of_route = |state: &RouteState| count(state.queue.waiting()) + count(state.queue.retained());
            self.routes.iter().map(of_route).sum::<usize>()
        };
        let weight = self.queue_weight();
        let in_flight_bytes = self.live_bytes - kept(|sum| sum.bytes);
        let in_flight_events = weight.live_events - kept(|sum| sum.events);
        // What is in flight stays, and so may the entries behind it; nothing is dropped for an event that they leave no
        // room for, or that would empty half of the queue.
        let needed = weight.with(in_flight_bytes.saturating_add(len));
        let is_possible = in_flight_events < events && needed <= bytes && len <= bytes / 2;
        is_possible && self.is_freed_by_few(weight.with(self.live_bytes.saturating_add(len)).saturating_sub(bytes))
    }

    /// Whether the oldest events that wait, and no more than may be dropped for one, free so many bytes.
    fn is_freed_by_few(&self, bytes: usize) -> bool {
        // Most events are alike: the oldest one is enough.
        let first = self.oldest().and_then(|(_, route_id, id)| self.routes[route_id].queue.bytes(id));
        if first.is_some_and(|event| event.len() >= bytes) {
            return true;
        }
        let mut oldest: Vec<_> = self.routes.iter().flat_map(|state| state.queue.oldest_few(MOST_DISPLACED)).collect();
        oldest.sort_by_key(|(queued_at, _)| *queued_at);
        let freed: usize = oldest.iter().take(MOST_DISPLACED).map(|(_, len)| len + ENTRY_BYTES).sum();
        freed >= bytes
    }

    /// The event that has waited longest: its age, its route and its name.
    fn oldest(&self) -> Option<(AgeUnits, RouteId, EntryId)> {
        let of_route = |route_id: RouteId| {
            let (_, id, queued_at) = self.routes[route_id].queue.oldest()?;
            Some((queued_at, route_id, id))
        };
        self.routes.ids().filter_map(of_route).min()
    }

    /// Whether whoever waits for room may try again, or waiting has no sense any more.
    pub(crate) fn has_room_or_is_closed(&self) -> bool {
        // What only the room for critical events can hold waits for that.
        let critical = self.wanted + ENTRY_BYTES > self.limits(false).1;
        let has_share = |(route_id, hash, len)| self.has_share_for(route_id, hash, len);
        self.phase != Phase::Running
            || self.has_room_for(self.wanted, critical) && self.wanted_share.is_none_or(has_share)
    }
}
