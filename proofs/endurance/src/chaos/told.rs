//! What the sink told of its drops, kept outside of it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use analytics_core::{DropReason, EventId};
use analytics_posthog::Observers;
use fastrand::Rng;

use super::panic_as_planned;

#[derive(Debug, Default)]
pub(super) struct Told(Mutex<Drops>);

#[derive(Clone, Debug, Default)]
pub(super) struct Drops {
    pub(super) reasons: HashMap<EventId, DropReason>,
    /// Told twice, or without an id.
    pub(super) wrong: Vec<String>,
    pub(super) counts: HashMap<DropReason, u64>,
}

impl Told {
    /// Observers of which some panic, and one keeps what it is told.
    pub(super) fn observers(self: &Arc<Self>, rng: &mut Rng) -> Observers {
        let mut observers = Observers::new();
        if rng.bool() {
            observers = observers.on_drop(|_| panic_as_planned());
        }
        if rng.bool() {
            observers = observers.on_batch(|_| panic_as_planned());
        }
        if rng.bool() {
            observers = observers.on_snapshot(|_| panic_as_planned());
        }
        let told = Arc::clone(self);
        observers.on_drop(move |dropped| told.keep(dropped.id(), dropped.reason()))
    }

    fn keep(&self, id: Option<EventId>, reason: DropReason) {
        let mut drops = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        *drops.counts.entry(reason).or_default() += 1;
        match id {
            None => drops.wrong.push(format!("{reason} without an id")),
            Some(id) => {
                if let Some(before) = drops.reasons.insert(id, reason) {
                    drops.wrong.push(format!("{id} is told twice, as {before} and {reason}"));
                }
            }
        }
    }

    pub(super) fn drops(&self) -> Drops {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
