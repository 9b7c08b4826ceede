//! Where events come from.

use std::collections::HashMap;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::task::{Context, Waker};

use analytics_core::{Actor, Analytics, CopilotEvent, DropReason, Encoded, EventId, Record, Refusal};

use crate::config::DeliveryConfig;
use crate::encoder::Encoder;
use crate::engine::tests::{How, PLAIN, by};
use crate::order::OrderKey;
use crate::route::Route;
use crate::shared::Shared;
use crate::sink::DeliverySink;

/// An event with a few properties takes about as many bytes on the wire.
const EVENT_BYTES: usize = 350;

/// A program that captures an event when it is told to.
pub(super) trait Source {
    /// Captures one event. Tells whether it was kept, and whether it woke the worker.
    fn capture(&mut self, shared: &Shared) -> (bool, bool);

    /// Captures more events like one that just found no room, while nothing happens that would make some.
    fn capture_in_vain(&mut self, shared: &Shared, events: u64);
}

/// Lets an event in, or counts it. Tells whether it was kept, and whether it woke the worker.
fn let_in(shared: &Shared, event: &[u8], how: How) -> (bool, bool) {
    let route = Route::new(analytics_core::Lane::Product);
    let mut engine = shared.engine();
    match engine.let_in(route, event, how) {
        Ok(admitted) => (true, admitted.wake),
        Err(reason) => {
            engine.count_dropped(route.lane, reason);
            (false, false)
        }
    }
}

/// Events as they are once they are written down.
#[derive(Debug)]
pub(super) struct Bytes;

impl Source for Bytes {
    fn capture(&mut self, shared: &Shared) -> (bool, bool) {
        let_in(shared, &[b'x'; EVENT_BYTES], PLAIN)
    }

    fn capture_in_vain(&mut self, shared: &Shared, events: u64) {
        // They are as long as the one before, so they need not be tried.
        shared.engine().count_queue_full(events);
    }
}

/// Events of several actors: each says whose it is, and which of the actor's.
#[derive(Debug)]
pub(super) struct ByActors {
    /// The actor of an event, by its number.
    actor: fn(u64) -> u64,
    number: u64,
    sequence: HashMap<u64, u64>,
}

impl ByActors {
    pub(super) fn new(actor: fn(u64) -> u64) -> Self {
        Self { actor, number: 0, sequence: HashMap::new() }
    }

    /// Whose event it is, and which of the actor's.
    pub(super) fn read(event: &[u8]) -> (u64, u64) {
        let number = |from: usize| u64::from_le_bytes(event[from..from + 8].try_into().unwrap());
        (number(0), number(8))
    }
}

impl Source for ByActors {
    fn capture(&mut self, shared: &Shared) -> (bool, bool) {
        let actor = (self.actor)(self.number);
        self.number += 1;
        let sequence = self.sequence.entry(actor).or_default();
        let mut event = [b'x'; EVENT_BYTES];
        event[..8].copy_from_slice(&actor.to_le_bytes());
        event[8..16].copy_from_slice(&sequence.to_le_bytes());
        *sequence += 1;
        let_in(shared, &event, by(&actor.to_string()))
    }

    fn capture_in_vain(&mut self, shared: &Shared, events: u64) {
        // They are of other actors.
        (0..events).for_each(|_| assert!(!self.capture(shared).1));
    }
}

/// Events through the whole sink, with what it logs.
#[derive(Debug)]
pub(super) struct Records(Analytics);

impl Records {
    pub(super) fn new(config: DeliveryConfig) -> (Self, Arc<Shared>) {
        let (sink, shared) = DeliverySink::without_worker(Padded, config);
        (Self(Analytics::new(sink)), shared)
    }
}

impl Source for Records {
    fn capture(&mut self, shared: &Shared) -> (bool, bool) {
        let dropped_before = shared.engine().ledger().dropped(DropReason::QueueFull);
        self.0.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
        let is_kept = shared.engine().ledger().dropped(DropReason::QueueFull) == dropped_before;
        let woken = pin!(shared.wake.notified()).poll(&mut Context::from_waker(Waker::noop())).is_ready();
        (is_kept, woken)
    }

    fn capture_in_vain(&mut self, shared: &Shared, events: u64) {
        for _ in 0..events {
            assert_eq!(self.capture(shared), (false, false));
        }
    }
}

/// Writes a record down at its full length.
#[derive(Debug)]
struct Padded;

impl Encoder for Padded {
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, Refusal> {
        out.extend_from_slice(record.to_string().as_bytes());
        out.resize(EVENT_BYTES, b' ');
        Ok(Encoded::default())
    }

    fn event_id(&self, _event: &[u8]) -> Option<EventId> {
        None
    }

    fn order(&self, _record: &Record<'_>) -> OrderKey {
        OrderKey::NONE
    }

    fn route(&self, record: &Record<'_>) -> Route {
        Route::of(record)
    }
}
