//! All that is decided under the lock: phase, room, routes, accounting. No clock, no socket, no chance, no log.

mod admission;
mod attempt;
mod dispatch;
mod effects;
mod lanes;
mod outage;
mod phase;
mod reading;
mod receipts;
mod retained;
mod route_id;
mod route_state;
mod routes;
mod server_warnings;
mod settling;
mod sweep;

use std::time::Duration;

use analytics_core::{DropReason, Lane, LaneLedger, Ledger};

pub(crate) use self::admission::{Admission, Refused};
pub(crate) use self::attempt::Attempt;
pub(crate) use self::dispatch::{Cut, Dispatch};
pub(crate) use self::effects::{AttemptReport, Dropped, Effects, LedgerSnapshot, Leftover, LogLine, ObservedKinds};
use self::lanes::{LaneState, Lanes};
pub(crate) use self::outage::{OutageTransition, OutageView};
pub(crate) use self::phase::Phase;
use self::receipts::Receipts;
pub(crate) use self::route_id::RouteId;
use self::route_state::RouteState;
use self::routes::Routes;
use self::server_warnings::ServerWarnings;
pub(crate) use self::server_warnings::{ServerWarning, ServerWarningKind};
use crate::batch::BatchIdentity;
use crate::config::DeliveryConfig;
use crate::policy::RetryPolicy;
use crate::queue::{AgeUnits, age_units};
use crate::transport::Repeats;

/// What is dropped at most under one lock, and what is looked at for it.
const SLICE: usize = 1_000;

/// The state that callers and the worker share.
///
/// It does nothing by itself: somebody tells it what happened, and when, and it answers with what is to be done.
///
/// - In come records ([`admit`](Self::admit), [`refuse`](Self::refuse)), the time ([`next`](Self::next),
///   [`tick`](Self::tick)), the ends of attempts ([`land`](Self::land), [`cut_off`](Self::cut_off)), and what the host
///   wants ([`expedite`](Self::expedite), [`drain`](Self::drain), [`purge`](Self::purge), [`close`](Self::close)).
/// - Out come the requests to be made and when to ask again ([`Next`]), and whatever others have to learn of a change
///   ([`Effects`]), which is all there is to tell.
///
/// Whoever changes it does so through `Shared::change`, which takes the effects out under the same lock, and tells them
/// outside of it. No call works on more than one batch for each request that it begins, or on more than a thousand
/// events that are dropped: what is more is done in slices.
///
/// Times are durations since the engine's start. The caller draws lots: `chance` is in `0.0..1.0`.
#[derive(Debug)]
pub(crate) struct Engine {
    config: DeliveryConfig,
    retrying: RetryPolicy,
    repeats: Repeats,
    phase: Phase,
    lanes: Lanes,
    routes: Routes,
    ledger: Ledger,
    receipts: Receipts,
    /// What happened since the effects were taken.
    effects: Effects,
    /// Whether the worker has to be woken.
    wakes: bool,
    /// Whether events were dropped for newer ones before.
    has_displaced: bool,
    /// The number of the next batch.
    next_batch: u64,
    /// When the worker last looked. Events take their age from it, so that tracking one asks no clock.
    looked_at: AgeUnits,
    /// Whether the worker was woken and has not looked since.
    is_woken: bool,
    server_warnings: ServerWarnings,
}

/// What the worker does next.
#[derive(Debug)]
pub(crate) struct Next {
    /// These are sent.
    pub(crate) dispatches: Vec<Dispatch>,
    pub(crate) then: Then,
}

/// When the worker looks again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Then {
    /// At once: there is more to do than one look does.
    LookAgain,
    /// Then, or when something happens.
    WaitUntil(Duration),
    /// When something happens.
    Wait,
    /// Never: the sink is closed.
    Finished,
}

/// What is to be done first.
#[derive(Debug)]
pub(crate) enum EngineStep {
    Send(Dispatch),
    Then(Then),
}

impl Engine {
    pub(crate) fn new(config: DeliveryConfig, repeats: Repeats) -> Self {
        Self {
            repeats,
            retrying: RetryPolicy::new(&config),
            phase: Phase::Running,
            lanes: Lanes::new(&config),
            routes: Routes::default(),
            ledger: Ledger::new(),
            receipts: Receipts::default(),
            effects: Effects::default(),
            wakes: false,
            has_displaced: false,
            next_batch: 0,
            looked_at: 0,
            is_woken: false,
            server_warnings: ServerWarnings::default(),
            config,
        }
    }

    /// Gathers what the observers want to know among the [effects](Self::take_effects).
    pub(crate) fn observed(&mut self, wants: ObservedKinds) {
        self.effects = Effects::new(wants);
    }

    /// What is to be told outside the lock, if anything happened.
    pub(crate) fn take_effects(&mut self) -> Option<Effects> {
        let mut effects = self.effects.take()?;
        if effects.is_measured {
            effects.measured = Some(LedgerSnapshot { ledger: self.ledger(), pending_bytes: self.live_bytes() });
        }
        Some(effects)
    }

    /// Whether the worker has to be woken, which is said once.
    pub(crate) fn take_wake(&mut self) -> bool {
        std::mem::take(&mut self.wakes)
    }

    /// The ledger. Pending are the events that the queues hold, waiting or leased.
    pub(crate) fn ledger(&self) -> Ledger {
        Lane::ALL.iter().fold(self.ledger, |ledger, lane| ledger.with_pending_in(*lane, self.pending(*lane)))
    }

    /// What became of the events of a route's lane.
    fn ledger_of(&self, route_id: RouteId) -> LaneLedger {
        let lane = self.routes[route_id].route.lane;
        self.ledger.with_pending_in(lane, self.pending(lane)).lane(lane)
    }

    /// The events of a lane that are not settled.
    fn pending(&self, lane: Lane) -> u64 {
        let of_lane = self.routes.iter().filter(|state| state.route.lane == lane);
        of_lane.map(|state| state.queue.live_events() as u64).sum()
    }

    /// Bytes of the events that are not settled.
    fn live_bytes(&self) -> usize {
        self.lanes.iter().map(|lane| lane.live_bytes).sum()
    }

    fn live_events(&self) -> usize {
        self.routes.iter().map(|state| state.queue.live_events()).sum()
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    /// What is wrong now, in the ordinary lane if anything is.
    pub(crate) fn outage(&self) -> OutageView<'_> {
        let mut views = self.lanes.iter().map(|lane| lane.outage.view());
        views.find(|view| view.since.is_some()).unwrap_or_default()
    }

    /// Hurries all that is queued until `deadline`, and returns the mark that [`is_flushed`](Self::is_flushed) takes.
    pub(crate) fn expedite(&mut self, deadline: Duration) -> Vec<u64> {
        self.wake();
        self.routes.iter_mut().map(|state| state.expedite(deadline)).collect()
    }

    /// Whether all that was queued when `mark` was made is settled.
    pub(crate) fn is_flushed(&self, mark: &[u64]) -> bool {
        self.routes.iter().zip(mark).all(|(state, end)| state.queue.lowest_unsettled() >= *end)
    }

    /// Takes no more events, and delivers what is there until `deadline`. A later call may only bring it forward.
    pub(crate) fn drain(&mut self, deadline: Duration) {
        self.phase = match self.phase {
            Phase::Running => Phase::Draining { deadline },
            Phase::Draining { deadline: other } => Phase::Draining { deadline: deadline.min(other) },
            Phase::Closed => Phase::Closed,
        };
        self.expedite(deadline);
    }

    /// Closes, and counts what is left.
    pub(crate) fn close(&mut self, reason: DropReason) {
        self.close_with(reason);
        let queues = self.routes.iter_mut().map(|state| state.queue.take()).collect();
        let pools = self.lanes.iter_mut().map(|lane| lane.pool.take_all()).collect();
        let leftover = Leftover { reason, queues, _pools: pools };
        self.effects.left(leftover, self.receipts.take_all());
        self.effects.snapshot();
        self.wake();
    }

    /// Closes a forked child's copy. Its events are the parent's to deliver, and those who wait for them are not in
    /// here: nobody is told, and nobody is woken.
    pub(crate) fn close_copy(&mut self) {
        self.close_with(DropReason::Closed);
        self.receipts.forget_all();
        // Left as they are: freeing what is shared with the parent would copy it.
        self.routes.forget();
    }

    /// Closes, and counts what the queues still hold.
    fn close_with(&mut self, reason: DropReason) {
        self.phase = Phase::Closed;
        for state in self.routes.iter() {
            self.ledger.add_dropped_in(state.route.lane, reason, state.queue.live_events() as u64);
        }
        self.lanes.iter_mut().for_each(|lane| lane.live_bytes = 0);
    }

    /// The interval is over: all that waits is to be sent.
    pub(crate) fn tick(&mut self) {
        self.routes.iter_mut().for_each(RouteState::make_due);
        self.effects.snapshot();
    }

    /// The worker has to look, and is woken once until it does.
    fn wake(&mut self) {
        self.is_woken = true;
        self.wakes = true;
    }

    /// What to do at `now`: all that may be sent, and when to look again.
    pub(crate) fn next(&mut self, now: Duration) -> Next {
        let mut dispatches = Vec::new();
        loop {
            match self.step(now) {
                EngineStep::Send(dispatch) => dispatches.push(dispatch),
                EngineStep::Then(then) => return Next { dispatches, then },
            }
        }
    }

    pub(crate) fn step(&mut self, now: Duration) -> EngineStep {
        self.looked_at = age_units(now);
        self.is_woken = false;
        if self.expire(now) || self.refuse_hurried(now) || self.compact() {
            return EngineStep::Then(Then::LookAgain);
        }
        let mut look_at = match self.phase {
            Phase::Closed => return EngineStep::Then(Then::Finished),
            Phase::Draining { deadline } if now >= deadline || self.live_events() == 0 => {
                self.close(DropReason::Abandoned);
                return EngineStep::Then(Then::Finished);
            }
            Phase::Draining { deadline } => Some(deadline),
            Phase::Running => None,
        };
        for route_id in self.routes.ids() {
            let state = &mut self.routes[route_id];
            let LaneState { batching, pool, .. } = &mut self.lanes[state.lane_id];
            match state.next(batching, now) {
                route_state::RouteStep::Send => {
                    let new = numbered(&mut self.next_batch, now);
                    return match state.lease(batching, route_id, new, pool) {
                        Some(dispatch) => EngineStep::Send(self.depart(dispatch, now)),
                        // What was there waits behind what was set aside.
                        None => EngineStep::Then(Then::LookAgain),
                    };
                }
                route_state::RouteStep::WaitUntil(then) => {
                    look_at = Some(look_at.map_or(then, |other| other.min(then)));
                }
                route_state::RouteStep::Wait => {}
            }
        }
        EngineStep::Then(look_at.map_or(Then::Wait, Then::WaitUntil))
    }

    /// Counts an attempt that begins at `now`, and returns the moment at which it ends.
    fn begin_attempt(&mut self, route_id: RouteId, now: Duration) -> Duration {
        self.ledger.add_request();
        let ends_at = now.saturating_add(self.routes[route_id].link.timeout());
        match self.phase {
            Phase::Draining { deadline } => ends_at.min(deadline),
            Phase::Running | Phase::Closed => ends_at,
        }
    }

    /// A dispatch is over, however it ended.
    fn attempt_finished(&mut self, route_id: RouteId) {
        self.routes[route_id].in_flight -= 1;
    }
}

/// The identity of the next batch.
fn numbered(next_batch: &mut u64, now: Duration) -> BatchIdentity {
    let number = *next_batch;
    *next_batch += 1;
    BatchIdentity::new(number, now)
}

// Outside of its schedules a lock of `shuttle` cannot be used.
#[cfg(test)]
pub(crate) mod tests;
