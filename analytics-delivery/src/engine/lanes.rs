//! What the routes of one lane share: its bounds, the memory under them, and how its way to the server is.

use std::ops::{Index, IndexMut};

use analytics_core::Lane;

use super::RouteId;
use super::outage::Outage;
use crate::config::DeliveryConfig;
use crate::policy::BatchPolicy;
use crate::queue::Pool;

/// Names a lane of the engine that gave it out, for as long as that lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct LaneId(usize);

/// What the routes of one lane share, and no other lane has a part in: a lane that is full, or fails, takes nothing
/// from another.
#[derive(Debug)]
pub(super) struct LaneState {
    pub(super) lane: Lane,
    /// The settings as they are for this lane.
    pub(super) config: DeliveryConfig,
    pub(super) batching: BatchPolicy,
    pub(super) pool: Pool,
    /// Bytes of the events that are not settled.
    pub(super) live_bytes: usize,
    /// Bytes of the largest event that found no room and waits for it.
    pub(super) wanted: usize,
    /// The last event that waits because its actor has its share of the queue: its route, its actor's hash, its bytes.
    pub(super) wanted_share: Option<(RouteId, u64, usize)>,
    pub(super) outage: Outage,
}

impl LaneState {
    fn new(lane: Lane, config: &DeliveryConfig) -> Self {
        let config = config.of_lane(lane);
        Self {
            lane,
            batching: BatchPolicy::new(&config),
            pool: Pool::new(config.queue_bytes.get()),
            live_bytes: 0,
            wanted: 0,
            wanted_share: None,
            outage: Outage::default(),
            config,
        }
    }

    /// The limits of events and of bytes. The last twentieth of both is for critical events.
    pub(super) fn limits(&self, critical: bool) -> (usize, usize) {
        let open = |limit: usize| if critical { limit } else { limit - limit / 20 };
        (open(self.config.queue_events.get()), open(self.config.queue_bytes.get()))
    }
}

/// The lanes of an engine. The ordinary one is there from the start and comes first; another takes memory once it has
/// an event. None is ever removed.
#[derive(Debug)]
pub(super) struct Lanes(Vec<LaneState>);

impl Lanes {
    pub(super) fn new(config: &DeliveryConfig) -> Self {
        Self(vec![LaneState::new(Lane::Product, config)])
    }

    /// The lane's name, if events took it before.
    pub(super) fn find(&self, lane: Lane) -> Option<LaneId> {
        self.0.iter().position(|state| state.lane == lane).map(LaneId)
    }

    pub(super) fn find_or_open(&mut self, lane: Lane, config: &DeliveryConfig) -> LaneId {
        self.find(lane).unwrap_or_else(|| {
            self.0.push(LaneState::new(lane, config));
            LaneId(self.0.len() - 1)
        })
    }

    pub(super) fn iter(&self) -> std::slice::Iter<'_, LaneState> {
        self.0.iter()
    }

    pub(super) fn iter_mut(&mut self) -> std::slice::IterMut<'_, LaneState> {
        self.0.iter_mut()
    }
}

impl Index<LaneId> for Lanes {
    type Output = LaneState;

    fn index(&self, id: LaneId) -> &LaneState {
        let Some(state) = self.0.get(id.0) else { unreachable!("no lane is removed") };
        state
    }
}

impl IndexMut<LaneId> for Lanes {
    fn index_mut(&mut self, id: LaneId) -> &mut LaneState {
        let Some(state) = self.0.get_mut(id.0) else { unreachable!("no lane is removed") };
        state
    }
}
