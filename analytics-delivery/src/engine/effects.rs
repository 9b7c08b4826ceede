//! What a change of the engine brought about, gathered under the lock and told outside it.

use analytics_core::{DropReason, Receipt, Settlement};

use super::DropLog;
use crate::queue::{Pool, Queue};

/// What a change of the engine brought about that others have to learn.
#[derive(Debug)]
pub(crate) struct Effects {
    /// Events that were dropped.
    pub(crate) drops: DropLog,
    /// Answers to be given.
    pub(crate) answered: Vec<(Receipt, Settlement)>,
    /// What was left when the engine closed.
    pub(crate) leftover: Option<Leftover>,
}

/// What was left when the engine closed, to be told of and freed outside the lock: it may be all that a queue holds.
#[derive(Debug)]
pub(crate) struct Leftover {
    pub(crate) reason: DropReason,
    pub(super) queues: Vec<Queue>,
    /// Chunks that were not in use; freeing them takes a while as well.
    pub(super) _pool: Pool,
}

impl Leftover {
    /// The bytes of the events that were not settled.
    pub(crate) fn events(&self) -> impl Iterator<Item = &[u8]> {
        self.queues.iter().flat_map(Queue::unsettled)
    }
}
