//! What each of them does.

use std::pin::Pin;
use std::sync::atomic::Ordering;
use std::task::{Context, Waker};
use std::time::Duration;

use analytics_core::{Actor, CopilotEvent, DropReason, EventId};

use super::scenario::Stage;
use crate::answer::{Answer, Outcome, Verdict};
use crate::engine::{Cut, Dispatch, Phase, Then};
use crate::sync::{block_on, thread};

/// Nobody's grace is over before.
const FAR: Duration = Duration::from_secs(1_000_000);

/// Sends events, some of them with patience.
pub(super) fn produce(stage: &Stage, mut chance: fastrand::Rng, events: u64) {
    for _ in 0..events {
        let event = CopilotEvent::MessageSent { session_id: "s1", message_length: 5 };
        if chance.u8(..4) == 0 {
            block_on(stage.analytics.track_when_room(Actor::user("u1"), event));
        } else {
            let mut acknowledged = stage.analytics.send(Actor::user("u1"), event);
            let is_answered = Pin::new(&mut acknowledged).poll(&mut Context::from_waker(Waker::noop())).is_ready();
            if !is_answered {
                stage.queued.lock().unwrap().push(acknowledged.id());
            }
            stage.answers.lock().unwrap().push(acknowledged);
        }
        stage.captured.fetch_add(1, Ordering::SeqCst);
    }
}

/// The worker's loop. It sleeps until somebody wakes it, and no tick helps it out: a wake-up that is lost is a hang.
/// One that is stuck hangs itself, and may not keep the others.
pub(super) fn work(stage: &Stage, mut chance: fastrand::Rng, _events: u64) {
    let mut now = Duration::ZERO;
    let mut dispatches: Vec<Dispatch> = Vec::new();
    let mut looks_left = if stage.is_stuck { chance.u32(..20) } else { u32::MAX };
    loop {
        if looks_left == 0 {
            block_on(stage.shared.until(|engine| (engine.phase() == Phase::Closed).then_some(())));
            // These answers come too late.
            for dispatch in dispatches {
                assert!(finish_attempt(stage, dispatch, now, &mut chance).is_none());
            }
            return;
        }
        looks_left -= 1;
        let next = stage.shared.change(|engine| engine.next(now)).unwrap();
        dispatches.extend(next.dispatches);
        match next.then {
            Then::LookAgain => {}
            Then::Finished => return dispatches.into_iter().for_each(|dispatch| call_off(stage, dispatch)),
            Then::Wait | Then::WaitUntil(_) if !dispatches.is_empty() => {
                let dispatch = dispatches.swap_remove(chance.usize(..dispatches.len()));
                if chance.u8(..8) == 0 {
                    call_off(stage, dispatch);
                } else {
                    dispatches.extend(finish_attempt(stage, dispatch, now, &mut chance));
                }
            }
            Then::WaitUntil(then) => now = then,
            Then::Wait => block_on(stage.shared.wake.notified()),
        }
    }
}

fn finish_attempt(stage: &Stage, dispatch: Dispatch, now: Duration, chance: &mut fastrand::Rng) -> Option<Dispatch> {
    let bytes = |slot: &crate::queue::Slot| {
        let from = slot.offset as usize;
        dispatch.leased.chunks[slot.chunk as usize][from..from + slot.len as usize].try_into().unwrap()
    };
    let ids: Vec<_> = dispatch.leased.slots.iter().map(|slot| EventId::from_bytes(bytes(slot))).collect();
    let verdicts: Vec<_> = match chance.u8(..8) {
        0 => vec![Verdict::Retry; ids.len()],
        1 => vec![Verdict::Dropped(DropReason::Refused); ids.len()],
        2 => ids.iter().map(|_| if chance.bool() { Verdict::Delivered } else { Verdict::Retry }).collect(),
        _ => vec![Verdict::Delivered; ids.len()],
    };
    let answer = Answer::new(Outcome::PerEvent { verdicts: verdicts.clone(), after: None });
    let draw = chance.f64();
    let finished = stage.shared.change(|engine| {
        // Under the engine's lock, so that whoever sees the events settled finds them here.
        for (id, verdict) in ids.into_iter().zip(verdicts) {
            if verdict != Verdict::Retry {
                stage.settled.lock().unwrap().insert(id);
            }
            if verdict == Verdict::Delivered {
                stage.delivered.lock().unwrap().insert(id);
            }
        }
        engine.finish_attempt(dispatch, &answer, now, draw)
    });
    finished.unwrap()
}

fn call_off(stage: &Stage, dispatch: Dispatch) {
    stage.shared.change(|engine| engine.cut_off(dispatch, Cut::CalledOff, Duration::ZERO, 0.5)).unwrap();
}

/// A flush: what was queued before it is settled when it ends.
pub(super) fn flush(stage: &Stage, mut chance: fastrand::Rng, events: u64) {
    pause(chance.u64(..events * 8));
    let before = stage.queued.lock().unwrap().clone();
    let mark = stage.shared.change(|engine| engine.expedite(FAR)).unwrap();
    let mut is_closed = false;
    block_on(stage.shared.until(|engine| {
        is_closed = engine.phase() == Phase::Closed;
        engine.is_flushed(&mark).then_some(())
    }));
    let settled = stage.settled.lock().unwrap();
    let left = before.iter().filter(|id| !settled.contains(*id)).count();
    // A close settles what is left, and a newer event may have pushed an older one out.
    assert!(left == 0 || is_closed || stage.drops_oldest, "{left} of {} were left behind", before.len());
}

/// A shutdown whose grace is long, or over at once.
pub(super) fn shut_down(stage: &Stage, mut chance: fastrand::Rng, events: u64) {
    pause(chance.u64(..events * 24));
    stage.shared.drain(FAR);
    if stage.is_stuck || chance.bool() {
        pause(chance.u64(..4));
        stage.shared.close(DropReason::Abandoned);
    }
    block_on(stage.shared.until(|engine| (engine.phase() == Phase::Closed).then_some(())));
}

/// Lets others go first, so many times.
fn pause(times: u64) {
    (0..times).for_each(|_| thread::yield_now());
}
