//! What is dropped in slices: by age, because nobody takes it, or because the host wants it gone.

use std::time::Duration;

use analytics_core::{DropReason, Settlement};

use super::{Engine, SLICE};
use crate::queue::{EntryId, Walk, age};

/// How far a [purge](Engine::purge) has come: in each route, and the sequence number of the first event there that it
/// spares.
#[derive(Clone, Debug)]
pub(crate) struct Sweep(Vec<(Walk, u64)>);

impl Engine {
    /// Gives up waiting events that are too old; tells whether there may be more.
    pub(super) fn expire(&mut self, now: Duration) -> bool {
        let mut left = SLICE;
        for route_index in 0..self.routes.len() {
            let is_expired = |queued_at| self.retrying.is_expired(age(queued_at, now));
            let Some(state) = self.routes.get(route_index) else { break };
            if !state.queue.oldest().is_some_and(|(.., queued_at)| is_expired(queued_at)) {
                continue;
            }
            let mut walk = Walk::default();
            let ids = state.queue.walk(&mut walk, left, |_, entry| is_expired(entry.queued_at).then_some(true));
            left -= ids.len();
            self.drop_all(route_index, &ids, DropReason::Expired);
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
        for route_index in 0..self.routes.len() {
            let barred = self.routes.get(route_index).filter(|state| state.is_barred(now));
            let ids = barred.map(|state| state.hurried(now, left)).unwrap_or_default();
            left -= ids.len();
            self.drop_all(route_index, &ids, DropReason::Unauthorized);
        }
        left == 0
    }

    /// Begins to drop all events that wait now.
    pub(crate) fn sweep(&self) -> Sweep {
        Sweep(self.routes.iter().map(|state| (Walk::default(), state.queue.end())).collect())
    }

    /// Drops the next of the events that are not in flight. Returns their number, or `None` when all are done.
    pub(crate) fn purge(&mut self, sweep: &mut Sweep, reason: DropReason) -> Option<u64> {
        let route_index = sweep.0.iter().position(|(walk, _)| !walk.is_over())?;
        let (walk, end) = sweep.0.get_mut(route_index)?;
        let ids = self.routes.get(route_index)?.queue.walk(walk, SLICE, |seq, _| (seq < *end).then_some(true));
        self.drop_all(route_index, &ids, reason);
        // A shutdown may have nothing to wait for any more.
        self.wake();
        Some(ids.len() as u64)
    }

    /// Copies what waits out of chunks that hold little else; tells whether there may be more.
    pub(super) fn compact(&mut self) -> bool {
        self.routes.iter_mut().any(|state| state.queue.compact(SLICE, &mut self.pool))
    }

    fn drop_all(&mut self, route_index: usize, ids: &[EntryId], reason: DropReason) {
        for id in ids {
            self.account(route_index, *id, Settlement::Dropped(reason));
        }
    }
}
