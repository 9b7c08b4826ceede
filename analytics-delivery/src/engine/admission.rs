//! Who comes in: the room for events, and what is dropped for one.

use analytics_core::{DropReason, Receipt, Settlement};

use super::route_state::RouteState;
use super::{Engine, Phase};
use crate::policy::Link;
use crate::queue::{ENTRY_BYTES, Sum};
use crate::{Overflow, Route};

/// How an event comes in.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Admission {
    /// Whether it may use the room kept for critical events.
    pub(crate) critical: bool,
    /// Whether it waits for room: then no other event is dropped for it.
    pub(crate) waits: bool,
}

/// An event that was let in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// Whether the worker has to be woken.
    pub(crate) wake: bool,
    /// Older events that were dropped for it.
    pub(crate) displaced: u64,
    route_index: usize,
    seq: u64,
}

impl Engine {
    /// Lets an event in, or says why not; the caller counts what is refused.
    pub(crate) fn admit(&mut self, route: Route, event: &[u8], how: Admission) -> Result<Admitted, DropReason> {
        if self.phase != Phase::Running {
            return Err(DropReason::Closed);
        }
        if event.len() + ENTRY_BYTES > self.limits(how.critical).1 {
            // It will not fit into an empty queue either.
            return Err(DropReason::TooLarge);
        }
        let mut displaced = 0;
        if !self.has_room_for(event.len(), how.critical) {
            if how.waits {
                self.wanted = self.wanted.max(event.len());
                return Err(DropReason::QueueFull);
            }
            displaced = self.make_room_for(event.len(), how.critical).ok_or(DropReason::QueueFull)?;
        }
        if event.len() >= self.wanted {
            self.wanted = 0;
        }
        let route_index = self.route_index(route);
        let Some(state) = self.routes.get_mut(route_index) else { return Err(DropReason::QueueFull) };
        let seq = state.queue.push(event, self.looked_at, &mut self.pool);
        self.live_bytes += event.len();
        let wake = !self.is_woken && state.wakes(&self.batching);
        self.is_woken |= wake;
        Ok(Admitted { wake, displaced, route_index, seq })
    }

    /// Keeps the receipt of an event that was just let in.
    pub(crate) fn keep_receipt(&mut self, admitted: Admitted, receipt: Receipt) {
        let number = self.receipts.keep(receipt);
        if let Some(state) = self.routes.get_mut(admitted.route_index) {
            state.queue.set_receipt(admitted.seq, number);
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
    /// Returns their number.
    fn make_room_for(&mut self, len: usize, critical: bool) -> Option<u64> {
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
        if self.config.overflow != Overflow::DropOldest || !is_possible {
            return None;
        }
        let mut displaced = 0;
        while !self.has_room_for(len, critical) {
            let oldest = self.routes.iter_mut().enumerate().filter_map(|(route_index, state)| {
                state.oldest().map(|(seq, queued_at)| (queued_at, route_index, seq))
            });
            let (_, route_index, seq) = oldest.min()?;
            self.account(route_index, seq, Settlement::Dropped(DropReason::QueueFull));
            displaced += 1;
        }
        Some(displaced)
    }

    /// Whether whoever waits for room may try again, or waiting has no sense any more.
    pub(crate) fn has_room_or_is_closed(&self) -> bool {
        // What only the room for critical events can hold waits for that.
        let critical = self.wanted + ENTRY_BYTES > self.limits(false).1;
        self.phase != Phase::Running || self.has_room_for(self.wanted, critical)
    }
}
