//! What is dropped in slices: by age, because nobody takes it, or because the host wants it gone.

use std::time::Duration;

use analytics_core::{DropReason, Settlement};

use super::{Engine, SLICE};
use crate::queue::age;

/// How far a [purge](Engine::purge) has come: for each route the next event, and the first that it spares.
#[derive(Clone, Debug)]
pub(crate) struct Sweep(Vec<(u64, u64)>);

impl Engine {
    /// Gives up waiting events that are too old; tells whether there may be more.
    pub(super) fn expire(&mut self, now: Duration) -> bool {
        let mut left = SLICE;
        for route_index in 0..self.routes.len() {
            let oldest = |engine: &mut Self| engine.routes.get_mut(route_index)?.oldest();
            while let Some((seq, queued_at)) = oldest(self)
                && self.retrying.is_expired(age(queued_at, now))
            {
                if left == 0 {
                    return true;
                }
                left -= 1;
                self.account(route_index, seq, Settlement::Dropped(DropReason::Expired));
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
            let seqs = barred.map(|state| state.hurried(now, left)).unwrap_or_default();
            left -= seqs.len();
            self.drop_all(route_index, &seqs, DropReason::Unauthorized);
        }
        left == 0
    }

    /// Begins to drop all events that wait now.
    pub(crate) fn sweep(&self) -> Sweep {
        let span = |queue: &crate::queue::Queue| (queue.lowest_unsettled(), queue.end());
        Sweep(self.routes.iter().map(|state| span(&state.queue)).collect())
    }

    /// Drops the next of the events that are not in flight. Returns their number, or `None` when all are done.
    pub(crate) fn purge(&mut self, sweep: &mut Sweep, reason: DropReason) -> Option<u64> {
        let route_index = sweep.0.iter().position(|(next, end)| next < end)?;
        let (next, end) = sweep.0.get_mut(route_index)?;
        let state = self.routes.get(route_index)?;
        let (seqs, seen_to) = state.queue.unleased_in(*next..*end, SLICE);
        *next = seen_to;
        self.drop_all(route_index, &seqs, reason);
        // A shutdown may have nothing to wait for any more.
        self.wake();
        Some(seqs.len() as u64)
    }

    fn drop_all(&mut self, route_index: usize, seqs: &[u64], reason: DropReason) {
        for seq in seqs {
            self.account(route_index, *seq, Settlement::Dropped(reason));
        }
    }
}
