//! What the tests share.

use std::collections::VecDeque;
use std::future::pending;
use std::sync::{Arc, Barrier, Mutex, OnceLock};
use std::time::{Duration, Instant};

use analytics_core::{Actor, Analytics, CopilotEvent, EventId, Ledger, Record, Refusal};
use analytics_delivery::{
    Answer, Batch, DeliveryConfig, DeliverySink, Encoded, Encoder, OrderKey, Outcome, Repeats, Route, Transport,
};

pub(crate) const LONG: Duration = Duration::from_secs(60);

/// Writes records down in the form that people read.
#[derive(Debug)]
pub(crate) struct Lines;

impl Encoder for Lines {
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, Refusal> {
        out.extend_from_slice(record.to_string().as_bytes());
        Ok(Encoded::default())
    }

    fn order(&self, record: &Record<'_>) -> OrderKey {
        OrderKey::of_record(record)
    }

    fn route(&self, record: &Record<'_>) -> Route {
        Route::of(record)
    }

    fn event_id(&self, _event: &[u8]) -> Option<EventId> {
        None
    }
}

/// What a transport does with a batch.
#[derive(Clone, Debug)]
pub(crate) enum Act {
    Answer(Outcome),
    Panic,
    /// Panics with what panics again when it is dropped.
    PanicSpitefully,
    Hang,
    /// Blocks the worker's thread for good, as no transport may.
    Block,
    /// Blocks the worker's thread until somebody else comes to the barrier.
    BlockUntil(Arc<Barrier>),
    /// Flushes and shuts the sink down from the worker's thread.
    Flush,
    /// Tracks an event from the worker's thread.
    Track,
}

/// A panic's payload that panics when it is dropped.
struct Spiteful;

impl Drop for Spiteful {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "a payload panics, as told");
    }
}

/// A transport that acts as it is told, then delivers, and keeps what it was given.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scripted {
    acts: Arc<Mutex<VecDeque<Act>>>,
    batches: Arc<Mutex<Vec<Vec<String>>>>,
    attempts: Arc<Mutex<Vec<(u64, u32)>>>,
    analytics: Arc<OnceLock<Analytics>>,
}

impl Scripted {
    pub(crate) fn acting(acts: impl IntoIterator<Item = Act>) -> Self {
        Self { acts: Arc::new(Mutex::new(acts.into_iter().collect())), ..Self::default() }
    }

    /// A handle on a sink with this transport.
    pub(crate) fn start(&self, config: DeliveryConfig) -> Analytics {
        let analytics = Analytics::new(DeliverySink::spawn(Lines, self.clone(), config).unwrap());
        self.analytics.set(analytics.clone()).unwrap();
        analytics
    }

    /// What was sent, a list for each attempt.
    pub(crate) fn batches(&self) -> Vec<Vec<String>> {
        self.batches.lock().unwrap().clone()
    }

    /// The number of the batch of each attempt, and which attempt at it that was.
    pub(crate) fn attempts(&self) -> Vec<(u64, u32)> {
        self.attempts.lock().unwrap().clone()
    }
}

#[async_trait::async_trait]
impl Transport for Scripted {
    async fn send(&self, batch: &Batch<'_>, _deadline: Instant) -> Answer {
        let lines = batch.events().map(|event| String::from_utf8(event.bytes().to_vec()).unwrap()).collect();
        self.batches.lock().unwrap().push(lines);
        self.attempts.lock().unwrap().push((batch.number(), batch.attempt()));
        let act = self.acts.lock().unwrap().pop_front();
        match act {
            None => Answer::new(Outcome::Delivered),
            Some(Act::Answer(outcome)) => Answer::new(outcome).with_cause("as told"),
            Some(Act::Panic) => panic!("the transport panics, as told"),
            Some(Act::PanicSpitefully) => std::panic::panic_any(Spiteful),
            Some(Act::Hang) => pending().await,
            Some(Act::Block) => loop {
                std::thread::park();
            },
            Some(Act::BlockUntil(barrier)) => {
                barrier.wait();
                Answer::new(Outcome::Delivered)
            }
            Some(Act::Flush) => {
                let analytics = self.analytics.get().unwrap();
                // Far longer than a test has patience.
                let grace = Duration::from_secs(86_400);
                assert_eq!(analytics.flush_blocking(grace).pending(), 1);
                assert_eq!(analytics.shutdown_blocking(grace).pending(), 0);
                Answer::new(Outcome::Delivered)
            }
            Some(Act::Track) => {
                track(self.analytics.get().unwrap(), "feedback");
                Answer::new(Outcome::Delivered)
            }
        }
    }

    fn repeats(&self) -> Repeats {
        Repeats::Divisible
    }

    fn destination(&self) -> String {
        "a test".to_owned()
    }
}

/// Flushes until the ledger is as it is to be.
pub(crate) fn flush_until(analytics: &Analytics, is_it: impl Fn(&Ledger) -> bool) -> Ledger {
    let begun = Instant::now();
    loop {
        let ledger = analytics.flush_blocking(Duration::from_millis(20));
        if is_it(&ledger) {
            return ledger;
        }
        assert!(begun.elapsed() < LONG, "{ledger}");
    }
}

pub(crate) fn track(analytics: &Analytics, session_id: &str) {
    analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id, message_length: 1 });
}
