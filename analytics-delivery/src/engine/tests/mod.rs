//! The engine, driven by hand.

mod admission;
mod back_off;
mod flushing;
mod lanes;
mod overflow;
pub(crate) mod receipts;
mod repeating;
mod settling;
mod slices;
mod waking;

use analytics_core::{Receipt, Settlement};

use super::*;
use crate::answer::{Answer, Outcome, Verdict};
use crate::config::Overflow;
use crate::order::OrderKey;
use crate::queue::{ENTRY_BYTES, Leased, Slot};
use crate::route::Route;
use crate::transport::Repeats;

/// How an event comes in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct How {
    pub(crate) critical: bool,
    pub(crate) waits: bool,
    pub(crate) order: OrderKey,
}

pub(crate) const PLAIN: How = How { critical: false, waits: false, order: OrderKey::NONE };
const CRITICAL: How = How { critical: true, ..PLAIN };
const WAITING: How = How { waits: true, ..PLAIN };

/// An event of this user, which keeps its place among the user's.
pub(crate) fn by(user: &str) -> How {
    How { order: OrderKey::of(&user.into()), ..PLAIN }
}

/// Two routes of one lane, which share its bounds, and one of another.
pub(crate) const ROUTES: [Route; 3] =
    [Route::new(Lane::Product), Route::new(Lane::Product).historical(), Route::new(Lane::Ai)];

pub(crate) fn engine(config: DeliveryConfig) -> Engine {
    Engine::new(config, Repeats::Divisible)
}

pub(crate) fn small() -> DeliveryConfig {
    let count = |number| std::num::NonZeroUsize::new(number).unwrap();
    DeliveryConfig {
        queue_events: count(40),
        queue_bytes: count(100_000),
        ai_queue_bytes: count(60_000),
        batch_events: count(8),
        flush_at: count(3),
        in_flight: count(2),
        ..DeliveryConfig::default()
    }
}

fn dispatch(engine: &mut Engine, now: Duration) -> Option<Dispatch> {
    match engine.step(now) {
        EngineStep::Send(dispatch) => Some(dispatch),
        EngineStep::Then(_) => None,
    }
}

/// What came of letting an event in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Admitted {
    /// Whether the worker has to be woken.
    pub(crate) wake: bool,
    /// Older events that were dropped for it.
    pub(crate) displaced: u64,
}

/// What came of an attempt, with what is to be logged of it.
struct Settled {
    transition: Option<OutageTransition>,
    remark: Option<ServerWarning>,
    is_failure: bool,
    delivered: u64,
    dropped: u64,
}

/// An event as it comes in: the plainest.
pub(crate) fn admission<'a>(event: &'a [u8], receipt: &'a dyn Fn() -> Option<Receipt>) -> Admission<'a> {
    Admission {
        route: ROUTES[0],
        order: OrderKey::NONE,
        event,
        critical: false,
        waits: false,
        receipt,
        left_out: 0,
        lines: Vec::new(),
    }
}

impl Dispatch {
    /// What is left of the batch to be sent after this, part by part.
    pub(crate) fn later_parts(&self) -> impl DoubleEndedIterator<Item = &[Slot]> {
        self.parts.iter().map(|part| part.leased.slots.as_slice())
    }
}

impl Engine {
    pub(crate) fn config(&self) -> &DeliveryConfig {
        &self.config
    }

    /// The bytes of a lane's events that are neither delivered nor dropped.
    pub(crate) fn live_bytes_of(&self, lane: Lane) -> usize {
        self.lanes.iter().filter(|state| state.lane == lane).map(|state| state.live_bytes).sum()
    }

    /// Whether an ordinary event of `len` bytes may come in.
    fn has_ordinary_room(&self, len: usize) -> bool {
        self.has_room_for(self.lanes.find(Lane::Product).unwrap(), len, false)
    }

    /// Whether sending fails in a lane.
    pub(crate) fn is_failing(&self, lane: Lane) -> bool {
        self.lanes.iter().any(|state| state.lane == lane && state.outage.view().since.is_some())
    }

    /// The attempts under way on each route, in the order in which the routes came.
    pub(crate) fn in_flight(&self) -> Vec<usize> {
        self.routes.iter().map(|state| state.in_flight).collect()
    }

    /// Whether nothing came of another attempt on the route since this one began.
    pub(crate) fn is_news(&self, attempt: &Attempt) -> bool {
        self.routes[attempt.route_id].back_off.generation() == attempt.generation
    }

    /// Counts events that found no room, without letting them in.
    #[cfg(not(shuttle))]
    pub(crate) fn count_queue_full(&mut self, events: u64) {
        self.ledger.add_dropped(DropReason::QueueFull, events);
    }

    /// The place of a route among those that have come so far.
    pub(crate) fn route_place(&mut self, route: Route) -> usize {
        self.route_id(route).place()
    }

    /// Whether an event of the route in this place waits beside its partition.
    pub(crate) fn is_aside(&self, route_place: usize, seq: u64) -> bool {
        self.routes.ids().nth(route_place).is_some_and(|id| self.routes[id].queue.is_aside(seq))
    }

    /// Lets an event in that nobody waits for.
    pub(crate) fn let_in(&mut self, route: Route, event: &[u8], how: How) -> Result<Admitted, DropReason> {
        self.let_in_with(route, event, how, &|| None)
    }

    pub(crate) fn let_in_with(
        &mut self,
        route: Route,
        event: &[u8],
        How { critical, waits, order }: How,
        receipt: &dyn Fn() -> Option<Receipt>,
    ) -> Result<Admitted, DropReason> {
        let before = self.ledger.dropped(DropReason::QueueFull);
        self.admit(Admission { route, order, critical, waits, ..admission(event, receipt) })?;
        let displaced = self.ledger.dropped(DropReason::QueueFull) - before;
        Ok(Admitted { wake: self.take_wake(), displaced })
    }
}

fn finish_attempt(
    engine: &mut Engine,
    dispatch: Dispatch,
    outcome: Outcome,
    now: Duration,
) -> Option<OutageTransition> {
    answered(engine, dispatch, &Answer::new(outcome), now, 0.5).transition
}

/// The end of a dispatch that is not split; what follows it is sent on its own.
fn answered(engine: &mut Engine, dispatch: Dispatch, answer: &Answer, now: Duration, chance: f64) -> Settled {
    let Dispatch { attempt, leased: Leased { slots, chunks, .. }, mut parts, .. } = dispatch;
    drop(chunks);
    engine.effects.lines.clear();
    let settled = engine.settle(&attempt, &slots, &mut parts, answer, now, chance);
    engine.keep_unsent(attempt.route_id, parts);
    engine.attempt_finished(attempt.route_id);
    let (mut transition, mut remark) = (None, None);
    for line in engine.effects.lines.drain(..) {
        match line {
            LogLine::OutageTransition(_, line) => transition = Some(line),
            LogLine::ServerWarning(line) => remark = Some(line),
            other => panic!("{other:?}"),
        }
    }
    let crate::engine::settling::Settled { is_failure, delivered, dropped, .. } = settled;
    Settled { transition, remark, is_failure, delivered, dropped }
}

/// The worker goes with a batch in its hands: it panics, or is called off.
fn crash(engine: &mut Engine, dispatch: Dispatch, panicked: bool) {
    engine.cut_off(dispatch, if panicked { Cut::Panicked } else { Cut::CalledOff }, Duration::ZERO, 0.5);
}

/// Drops all that waits, in as many slices as it takes.
pub(crate) fn purge(engine: &mut Engine, reason: DropReason) -> u64 {
    let mut sweep = engine.sweep();
    std::iter::from_fn(|| engine.purge(&mut sweep, reason)).sum()
}

/// The answers that are to be given.
pub(crate) fn answers(engine: &mut Engine) -> Vec<(Receipt, Settlement)> {
    let Some(effects) = engine.take_effects() else { return Vec::new() };
    let (receipts, settlement) = effects.left_receipts.unwrap_or((Vec::new(), Settlement::Unsettled));
    let left = receipts.into_iter().flatten().map(|receipt| (receipt, settlement));
    effects.answers.into_iter().chain(left).collect()
}

/// The sequence numbers of a dispatch's events.
fn seqs(dispatch: &Dispatch) -> Vec<u64> {
    dispatch.leased.slots.iter().map(|slot| slot.seq).collect()
}

/// Lets the engine run until its next attempt, which fails; returns when that was.
fn fail(engine: &mut Engine, mut now: Duration) -> Duration {
    loop {
        match engine.step(now) {
            EngineStep::Send(dispatch) => {
                finish_attempt(engine, dispatch, Outcome::Retry { after: None }, now);
                return now;
            }
            EngineStep::Then(Then::WaitUntil(then)) => now = then,
            other @ EngineStep::Then(_) => panic!("{other:?}"),
        }
    }
}
