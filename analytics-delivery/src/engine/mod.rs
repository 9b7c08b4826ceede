//! All that is decided under the lock: phase, room, routes, accounting. No clock, no socket, no chance, no log.

mod admission;
mod attempt;
mod dispatch;
mod effects;
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

use analytics_core::{DropReason, Ledger};

pub(crate) use self::admission::{Admission, Refused};
pub(crate) use self::attempt::Attempt;
pub(crate) use self::dispatch::{Cut, Dispatch};
pub(crate) use self::effects::{AttemptReport, Dropped, Effects, LedgerSnapshot, Leftover, LogLine, ObservedKinds};
use self::outage::Outage;
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
use crate::policy::{BatchPolicy, RetryPolicy};
use crate::queue::{AgeUnits, Pool, age_units};
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
    batching: BatchPolicy,
    retrying: RetryPolicy,
    repeats: Repeats,
    phase: Phase,
    routes: Routes,
    pool: Pool,
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
    /// Bytes of the events that are not settled.
    live_bytes: usize,
    /// Bytes of the largest event that found no room and waits for it.
    wanted: usize,
    /// The last event that waits because its actor has its share of the queue: its route, its actor's hash, its bytes.
    wanted_share: Option<(RouteId, u64, usize)>,
    /// When the worker last looked. Events take their age from it, so that tracking one asks no clock.
    looked_at: AgeUnits,
    /// Whether the worker was woken and has not looked since.
    is_woken: bool,
    outage: Outage,
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
            batching: BatchPolicy::new(&config),
            retrying: RetryPolicy::new(&config),
            phase: Phase::Running,
            routes: Routes::default(),
            pool: Pool::new(config.queue_bytes.get()),
            ledger: Ledger::new(),
            receipts: Receipts::default(),
            effects: Effects::default(),
            wakes: false,
            has_displaced: false,
            next_batch: 0,
            live_bytes: 0,
            wanted: 0,
            wanted_share: None,
            looked_at: 0,
            is_woken: false,
            outage: Outage::default(),
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
            effects.measured = Some(LedgerSnapshot { ledger: self.ledger(), pending_bytes: self.live_bytes });
        }
        Some(effects)
    }

    /// Whether the worker has to be woken, which is said once.
    pub(crate) fn take_wake(&mut self) -> bool {
        std::mem::take(&mut self.wakes)
    }

    /// The ledger. Pending are the events that the queues hold, waiting or leased.
    pub(crate) fn ledger(&self) -> Ledger {
        self.ledger.with_pending(self.live_events() as u64)
    }

    fn live_events(&self) -> usize {
        self.routes.iter().map(|state| state.queue.live_events()).sum()
    }

    pub(crate) fn phase(&self) -> Phase {
        self.phase
    }

    pub(crate) fn outage(&self) -> OutageView<'_> {
        self.outage.view()
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
        let left = self.live_events();
        self.phase = Phase::Closed;
        self.ledger.add_dropped(reason, left as u64);
        self.live_bytes = 0;
        let queues = self.routes.iter_mut().map(|state| state.queue.take()).collect();
        let leftover = Leftover { reason, queues, _pool: self.pool.take_all() };
        self.effects.left(leftover, self.receipts.take_all());
        self.effects.snapshot();
        self.wake();
    }

    /// Closes a forked child's copy. Its events are the parent's to deliver, and those who wait for them are not in
    /// here: nobody is told, and nobody is woken.
    pub(crate) fn close_copy(&mut self) {
        let left = self.live_events();
        self.phase = Phase::Closed;
        self.ledger.add_dropped(DropReason::Closed, left as u64);
        self.receipts.forget_all();
        self.live_bytes = 0;
        // Left as they are: freeing what is shared with the parent would copy it.
        self.routes.forget();
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
            match state.next(&self.batching, now) {
                route_state::RouteStep::Send => {
                    let new = numbered(&mut self.next_batch, now);
                    return match state.lease(&self.batching, route_id, new, &mut self.pool) {
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
