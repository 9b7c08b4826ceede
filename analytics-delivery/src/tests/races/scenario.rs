//! Producers, a worker, flushers and one who shuts the sink down, all at once.

use std::collections::HashSet;
use std::num::NonZeroUsize;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use analytics_core::{Acknowledged, Analytics, Encoded, EventId, Record, Refusal, Settlement};

use super::part;
use crate::config::{DeliveryConfig, Overflow};
use crate::encoder::Encoder;
use crate::order::OrderKey;
use crate::route::Route;
use crate::shared::Shared;
use crate::sink::DeliverySink;
use crate::sync::{block_on, thread};

/// How many take part, beside the worker and the one who shuts down.
#[derive(Clone, Copy, Debug)]
pub(super) struct Cast {
    pub(super) producers: u64,
    /// Events of each producer.
    pub(super) events: u64,
    pub(super) flushers: u64,
}

/// What they share. The books are kept behind ordinary locks, which are no point at which the order is chosen.
#[derive(Debug)]
pub(super) struct Stage {
    pub(super) shared: Arc<Shared>,
    pub(super) analytics: Analytics,
    /// Whether the worker gets stuck with what it has leased.
    pub(super) is_stuck: bool,
    /// Whether events in the queue can be dropped for newer ones.
    pub(super) drops_oldest: bool,
    /// Events whose `send` has returned and that had no answer then.
    pub(super) queued: std::sync::Mutex<Vec<EventId>>,
    /// Events about which the worker said a last word.
    pub(super) settled: std::sync::Mutex<HashSet<EventId>>,
    /// Those of them that arrived.
    pub(super) delivered: std::sync::Mutex<HashSet<EventId>>,
    pub(super) answers: std::sync::Mutex<Vec<Acknowledged>>,
    pub(super) captured: AtomicU64,
}

impl Stage {
    fn new(is_stuck: bool, drops_oldest: bool) -> Arc<Self> {
        let count = |number| NonZeroUsize::new(number).unwrap();
        let config = DeliveryConfig {
            queue_events: count(6),
            queue_bytes: count(10_000),
            batch_events: count(3),
            flush_at: count(2),
            in_flight: count(2),
            overflow: if drops_oldest { Overflow::DropOldest } else { Overflow::DropNewest },
            ..DeliveryConfig::default()
        };
        let (sink, shared) = DeliverySink::without_worker(Ids, config);
        Arc::new(Self {
            shared,
            analytics: Analytics::new(sink),
            is_stuck,
            drops_oldest,
            queued: std::sync::Mutex::default(),
            settled: std::sync::Mutex::default(),
            delivered: std::sync::Mutex::default(),
            answers: std::sync::Mutex::default(),
            captured: AtomicU64::new(0),
        })
    }
}

/// Writes down an event's id and nothing else; the id also says its route.
#[derive(Debug)]
struct Ids;

impl Encoder for Ids {
    fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, Refusal> {
        out.extend_from_slice(record.id().as_bytes());
        Ok(Encoded::default())
    }

    fn event_id(&self, _event: &[u8]) -> Option<EventId> {
        None
    }

    fn order(&self, record: &Record<'_>) -> OrderKey {
        OrderKey::of_record(record)
    }

    fn route(&self, record: &Record<'_>) -> Route {
        Route::default().with_wire_format(record.id().as_bytes()[15] % 2)
    }
}

/// Plays it once. What every part does follows from the seed; when it does it does not.
pub(super) fn play(seed: u64, cast: Cast) {
    let mut chance = fastrand::Rng::with_seed(seed);
    let stage = Stage::new(chance.u8(..4) == 0, chance.bool());
    // Whoever waits is served without a shutdown's help as well.
    let is_shut_down_last = !stage.is_stuck && chance.bool();
    let mut start = |part: fn(&Stage, fastrand::Rng, u64)| {
        let (stage, chance) = (Arc::clone(&stage), chance.fork());
        thread::spawn(move || part(&stage, chance, cast.events))
    };
    let worker = start(part::work);
    let producers: Vec<_> = (0..cast.producers).map(|_| start(part::produce)).collect();
    let flushers: Vec<_> = (0..cast.flushers).map(|_| start(part::flush)).collect();
    let (mut first, mut last) = (vec![], vec![worker]);
    if is_shut_down_last {
        first.extend(producers.into_iter().chain(flushers));
    } else {
        last.extend(producers.into_iter().chain(flushers));
    }
    for part in first {
        part.join().unwrap();
    }
    last.push(start(part::shut_down));
    for part in last {
        part.join().unwrap();
    }

    let ledger = stage.shared.engine().ledger();
    assert_eq!(stage.captured.load(Ordering::SeqCst), cast.producers * cast.events);
    assert!(ledger.is_settled() && ledger.accounts_for(cast.producers * cast.events), "{ledger}");
    let answers = std::mem::take(&mut *stage.answers.lock().unwrap());
    let (all, mut arrived) = (answers.len() as u64, 0);
    for acknowledged in answers {
        let id = acknowledged.id();
        match block_on(acknowledged) {
            Settlement::Unsettled => panic!("nobody said what became of {id:?}"),
            Settlement::Delivered => {
                arrived += 1;
                assert!(stage.delivered.lock().unwrap().contains(&id), "it never arrived");
            }
            _ => {}
        }
    }
    // Those that waited for room have no receipt.
    let waited = cast.producers * cast.events - all;
    assert!((arrived..=arrived + waited).contains(&ledger.delivered()), "{ledger}, {arrived} of {all}");
}
