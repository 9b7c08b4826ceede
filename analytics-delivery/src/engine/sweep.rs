//! What is dropped in slices: by age, because nobody takes it, or because the host wants it gone.

use std::time::Duration;

use analytics_core::{DropReason, Settlement};

use super::{Engine, RouteId, SLICE};
use crate::queue::{EntryId, Walk, age};

/// How far a [purge](Engine::purge) has come: in each route, and the sequence number of the first event there that it
/// spares.
#[derive(Clone, Debug)]
pub(crate) struct Sweep(Vec<(RouteId, Walk, u64)>);

impl Engine {
    /// Gives up waiting events that are too old; tells whether there may be more.
    pub(super) fn expire(&mut self, now: Duration) -> bool {
        let mut left = SLICE;
        for route_id in self.routes.ids() {
            let is_expired = |queued_at| self.retrying.is_expired(age(queued_at, now));
            let state = &self.routes[route_id];
            if !state.queue.oldest().is_some_and(|(.., queued_at)| is_expired(queued_at)) {
                continue;
            }
            let mut walk = Walk::default();
            let ids = state.queue.walk(&mut walk, left, |_, entry| is_expired(entry.queued_at).then_some(true));
            left -= ids.len();
            self.drop_all(route_id, &ids, DropReason::Expired);
            if !walk.is_over() {
                return true;
            }
        }
        false
    }

    /// A server that does not know the key is asked once in a while. Whoever waits for events meanwhile, in a flush or
    /// a shutdown, is told at once. Tells whether there may be more.
    pub(super) fn refuse_hurried(&mut self, now: Duration) -> bool {
        let mut left = SLICE;
        for route_id in self.routes.ids() {
            let state = &self.routes[route_id];
            let ids = if state.is_barred(now) { state.hurried(now, left) } else { Vec::new() };
            left -= ids.len();
            self.drop_all(route_id, &ids, DropReason::Unauthorized);
        }
        left == 0
    }

    /// Begins to drop all events that wait now.
    pub(crate) fn sweep(&self) -> Sweep {
        let of_route = |route_id: RouteId| (route_id, Walk::default(), self.routes[route_id].queue.end());
        Sweep(self.routes.ids().map(of_route).collect())
    }

    /// Drops the next of the events that are not in flight. Returns their number, or `None` when all are done.
    pub(crate) fn purge(&mut self, sweep: &mut Sweep, reason: DropReason) -> Option<u64> {
        let (route_id, walk, end) = sweep.0.iter_mut().find(|(_, walk, _)| !walk.is_over())?;
        let ids = self.routes[*route_id].queue.walk(walk, SLICE, |seq, _| (seq < *end).then_some(true));
        self.drop_all(*route_id, &ids, reason);
        // A shutdown may have nothing to wait for any more.
        self.wake();
        Some(ids.len() as u64)
    }

    /// Copies what waits out of chunks that hold little else; tells whether there may be more.
    pub(super) fn compact(&mut self) -> bool {
        self.routes.iter_mut().any(|state| state.queue.compact(SLICE, &mut self.lanes[state.lane_id].pool))
    }

    fn drop_all(&mut self, route_id: RouteId, ids: &[EntryId], reason: DropReason) {
        for id in ids {
            self.account(route_id, *id, Settlement::Dropped(reason));
        }
    }
}
