//! Who comes in: the room for events, and what is dropped for one.

use analytics_core::{DropReason, EventId, Lane, Receipt, Settlement};

use super::lanes::{LaneId, LaneState};
use super::route_state::RouteState;
use super::{Engine, LogLine, Phase, RouteId};
use crate::config::{DeliveryConfig, Overflow};
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
    pub(crate) lane: Lane,
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
        let route_id = self.route_id(route);
        let lane_id = self.routes[route_id].lane_id;
        if event.len() + ENTRY_BYTES > self.lanes[lane_id].limits(critical).1 {
            // It will not fit into an empty queue either.
            return Err(DropReason::TooLarge);
        }
        let hash = order.hash().filter(|_| self.config.order == Order::Actor);
        if let Some(hash) = hash
            && !self.has_share_for(route_id, hash, event.len())
        {
            if waits {
                self.lanes[lane_id].wanted_share = Some((route_id, hash, event.len()));
                return Err(DropReason::QueueFull);
            }
            self.make_share_for(route_id, hash, event.len(), critical).ok_or(DropReason::QueueFull)?;
        }
        if !self.has_room_for(lane_id, event.len(), critical) {
            if waits {
                let lane = &mut self.lanes[lane_id];
                lane.wanted = lane.wanted.max(event.len());
                return Err(DropReason::QueueFull);
            }
            self.make_room_for(lane_id, event.len(), critical).ok_or(DropReason::QueueFull)?;
        }
        let lane = &mut self.lanes[lane_id];
        if event.len() >= lane.wanted {
            lane.wanted = 0;
        }
        if lane.wanted_share.is_some_and(|(_, wanted, _)| Some(wanted) == hash) {
            lane.wanted_share = None;
        }
        let state = &mut self.routes[route_id];
        let id = state.queue.push(event, hash, self.looked_at, &mut lane.pool);
        if let Some(receipt) = receipt() {
            state.queue.set_receipt(id, self.receipts.keep(receipt));
        }
        lane.live_bytes += event.len();
        self.ledger.add_properties_dropped(left_out as u64);
        if !self.is_woken && state.wakes(&lane.batching) {
            self.wake();
        }
        Ok(())
    }

    /// Counts a record that did not come in, and of which nobody is told.
    pub(crate) fn count_dropped(&mut self, lane: Lane, reason: DropReason) {
        self.ledger.add_dropped_in(lane, reason, 1);
    }

    /// Counts a record that did not come in.
    pub(crate) fn refuse(&mut self, refused: Refused) {
        let Refused { lane, reason, id, line } = refused;
        self.count_dropped(lane, reason);
        self.effects.dropped(reason, id, None);
        if let Some(line) = line {
            self.effects.log(line);
        }
    }

    pub(super) fn route_id(&mut self, route: Route) -> RouteId {
        self.routes.find(route).unwrap_or_else(|| {
            let lane_id = self.lanes.find_or_open(route.lane, &self.config);
            let LaneState { config, batching, pool, .. } = &self.lanes[lane_id];
            let most = config.queue_bytes.get() / ENTRY_BYTES;
            let link = Link::new(config.batch_bytes.get(), config.request_timeout);
            let queue = Queue::new(config.queue_events.get().min(most), batching.max_events, pool);
            self.routes.add(RouteState::new(route, lane_id, queue, link))
        })
    }

    /// Whether an event of `len` bytes may come into a lane.
    pub(super) fn has_room_for(&self, lane_id: LaneId, len: usize, critical: bool) -> bool {
        let (events, bytes) = self.lanes[lane_id].limits(critical);
        let weight = self.queue_weight(lane_id);
        weight.live_events < events && weight.with(self.lanes[lane_id].live_bytes.saturating_add(len)) <= bytes
    }

    /// The routes of a lane.
    fn routes_of(&self, lane_id: LaneId) -> impl Iterator<Item = &RouteState> {
        self.routes.iter().filter(move |state| state.lane_id == lane_id)
    }

    fn queue_weight(&self, lane_id: LaneId) -> QueueWeight {
        let mut weight = QueueWeight::default();
        for RouteState { queue, .. } in self.routes_of(lane_id) {
            weight.live_events += queue.live_events();
            weight.entries += queue.index_len();
            weight.sparse_bytes += queue.sparse_bytes();
        }
        weight
    }

    /// Whether an event of `len` bytes leaves three fourths of the queue to other actors than the one of `hash`.
    fn has_share_for(&self, route_id: RouteId, hash: u64, len: usize) -> bool {
        let RouteState { lane_id, queue, .. } = &self.routes[route_id];
        is_a_share(&self.lanes[*lane_id].config, queue.share(hash), len)
    }

    /// Drops the actor's oldest events that wait, until it may have one of `len` bytes more, if that is the policy and
    /// can be done.
    fn make_share_for(&mut self, route_id: RouteId, hash: u64, len: usize, critical: bool) -> Option<()> {
        let RouteState { lane_id, queue, .. } = &self.routes[route_id];
        let can_come_in = self.has_room_for(*lane_id, len, critical) || self.is_room_to_make(*lane_id, len, critical);
        if self.config.overflow != Overflow::DropOldest || !can_come_in {
            return None;
        }
        let (mut share, mut displaced) = (queue.share(hash), Vec::new());
        for (id, len_of_oldest) in queue.oldest_of(hash, MOST_DISPLACED) {
            share.subtract(len_of_oldest);
            displaced.push(id);
            if is_a_share(&self.lanes[*lane_id].config, share, len) {
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
    fn make_room_for(&mut self, lane_id: LaneId, len: usize, critical: bool) -> Option<()> {
        if self.config.overflow != Overflow::DropOldest || !self.is_room_to_make(lane_id, len, critical) {
            return None;
        }
        for _ in 0..MOST_DISPLACED {
            let (_, route_id, id) = self.oldest(lane_id)?;
            self.displace(route_id, id);
            if self.has_room_for(lane_id, len, critical) {
                return Some(());
            }
        }
        None
    }

    /// Whether dropping the oldest events that wait, and few enough of them, leaves room for one of `len` bytes.
    fn is_room_to_make(&self, lane_id: LaneId, len: usize, critical: bool) -> bool {
        let LaneState { live_bytes, .. } = self.lanes[lane_id];
        let (events, bytes) = self.lanes[lane_id].limits(critical);
        let kept = |count: fn(EventTotals) -> usize| {
            let of_route = |state: &RouteState| count(state.queue.waiting()) + count(state.queue.retained());
            self.routes_of(lane_id).map(of_route).sum::<usize>()
        };
        let weight = self.queue_weight(lane_id);
        let in_flight_bytes = live_bytes - kept(|sum| sum.bytes);
        let in_flight_events = weight.live_events - kept(|sum| sum.events);
        // What is in flight stays, and so may the entries behind it; nothing is dropped for an event that they leave no
        // room for, or that would empty half of the queue.
        let needed = weight.with(in_flight_bytes.saturating_add(len));
        let is_possible = in_flight_events < events && needed <= bytes && len <= bytes / 2;
        let excess = weight.with(live_bytes.saturating_add(len)).saturating_sub(bytes);
        is_possible && self.is_freed_by_few(lane_id, excess)
    }

    /// Whether the oldest events that wait, and no more than may be dropped for one, free so many bytes.
    fn is_freed_by_few(&self, lane_id: LaneId, bytes: usize) -> bool {
        // Most events are alike: the oldest one is enough.
        let first = self.oldest(lane_id).and_then(|(_, route_id, id)| self.routes[route_id].queue.bytes(id));
        if first.is_some_and(|event| event.len() >= bytes) {
            return true;
        }
        let mut oldest: Vec<_> =
            self.routes_of(lane_id).flat_map(|state| state.queue.oldest_few(MOST_DISPLACED)).collect();
        oldest.sort_by_key(|(queued_at, _)| *queued_at);
        let freed: usize = oldest.iter().take(MOST_DISPLACED).map(|(_, len)| len + ENTRY_BYTES).sum();
        freed >= bytes
    }

    /// The event of a lane that has waited longest: its age, its route and its name.
    fn oldest(&self, lane_id: LaneId) -> Option<(AgeUnits, RouteId, EntryId)> {
        let of_route = |route_id: RouteId| {
            let (_, id, queued_at) = self.routes[route_id].queue.oldest()?;
            Some((queued_at, route_id, id))
        };
        let is_of_lane = |route_id: &RouteId| self.routes[*route_id].lane_id == lane_id;
        self.routes.ids().filter(is_of_lane).filter_map(of_route).min()
    }

    /// Whether whoever waits for room in `lane` may try again, or waiting has no sense any more.
    pub(crate) fn has_room_or_is_closed(&self, lane: Lane) -> bool {
        // A lane that never had an event has room.
        let Some(lane_id) = self.lanes.find(lane).filter(|_| self.phase == Phase::Running) else { return true };
        let state = &self.lanes[lane_id];
        // What only the room for critical events can hold waits for that.
        let critical = state.wanted + ENTRY_BYTES > state.limits(false).1;
        let has_share = |(route_id, hash, len)| self.has_share_for(route_id, hash, len);
        self.has_room_for(lane_id, state.wanted, critical) && state.wanted_share.is_none_or(has_share)
    }
}

/// Whether an actor that has these events may have one of `len` bytes more. One that has none may have a large one.
fn is_a_share(config: &DeliveryConfig, EventTotals { events, bytes }: EventTotals, len: usize) -> bool {
    let most_events = (config.queue_events.get() / SHARES).max(config.batch_events.get());
    let most_bytes = (config.queue_bytes.get() / SHARES).max(config.batch_bytes.get());
    let weight = (events + 1).saturating_mul(ENTRY_BYTES).saturating_add(bytes).saturating_add(len);
    events == 0 || events < most_events && weight <= most_bytes
}
