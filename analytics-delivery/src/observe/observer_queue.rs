//! The way from the engine to the observers: a bounded channel and a thread.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::time::SystemTime;
use std::{io, thread};

use analytics_core::unwind::catch_panic;
use tokio::sync::oneshot;

use super::{BatchReport, DroppedEvent, Observers, SinkSnapshot};
use crate::encoder::Encoder;
use crate::engine::{AttemptReport, Dropped, Effects, LedgerSnapshot, Leftover};
use crate::log_target::TARGET;
use crate::own_threads::mark_observers_thread;

/// Notices that may wait.
const CAPACITY: usize = 4_096;
/// Bytes of dropped events in them.
const CAPACITY_BYTES: usize = 8 << 20;

/// The sender's side. Without observers it does nothing.
#[derive(Debug, Default)]
pub(crate) struct ObserverQueue {
    /// The channel has no bound, so that a barrier always gets in; the others are counted.
    sender: Option<Sender<Notice>>,
    destination: Arc<str>,
    wants_drops: bool,
    wants_batches: bool,
    wants_snapshots: bool,
    waiting: Arc<Waiting>,
    missed: AtomicU64,
}

/// What is told.
#[derive(Debug)]
pub(crate) enum Notice {
    Dropped(DroppedEvent),
    /// What was left when the sink closed. It is told whole, however much it is: its bytes are the queue's own.
    Left(Leftover),
    Batch(BatchReport),
    Snapshot(Box<SinkSnapshot>),
    /// Answered once everything before it is told.
    Barrier(oneshot::Sender<()>),
}

/// Notices that wait to be told, and the bytes of dropped events in them.
#[derive(Debug, Default)]
struct Waiting {
    notices: AtomicUsize,
    bytes: AtomicUsize,
}

impl Waiting {
    /// Counts a notice in; tells whether there was room for it. It has to leave in either case.
    fn enter(&self, bytes: usize) -> bool {
        let notices = self.notices.fetch_add(1, Ordering::Relaxed) + 1;
        let bytes = self.bytes.fetch_add(bytes, Ordering::Relaxed) + bytes;
        notices <= CAPACITY && bytes <= CAPACITY_BYTES
    }

    fn leave(&self, bytes: usize) {
        self.notices.fetch_sub(1, Ordering::Relaxed);
        self.bytes.fetch_sub(bytes, Ordering::Relaxed);
    }
}

impl Notice {
    /// Bytes of an event in it that are its own.
    fn bytes(&self) -> usize {
        match self {
            Self::Dropped(dropped) => dropped.bytes().map_or(0, <[u8]>::len),
            Self::Left(_) | Self::Batch(_) | Self::Snapshot(_) | Self::Barrier(_) => 0,
        }
    }

    /// Whether it is told however many wait: there is at most one for a sink, or for a call.
    fn is_exempt(&self) -> bool {
        matches!(self, Self::Left(_) | Self::Barrier(_))
    }
}

impl ObserverQueue {
    /// Starts the observers' thread, if there is anybody to tell. `encoder` reads ids out of what it wrote.
    pub(crate) fn start(observers: Observers, encoder: Arc<dyn Encoder>, destination: Arc<str>) -> io::Result<Self> {
        if observers.is_nobody() {
            return Ok(Self { destination, ..Self::default() });
        }
        let (sender, receiver) = channel();
        let waiting = Arc::new(Waiting::default());
        let notices = Self {
            sender: Some(sender),
            destination: Arc::clone(&destination),
            wants_drops: !observers.drops.is_empty(),
            wants_batches: !observers.batches.is_empty(),
            wants_snapshots: !observers.snapshots.is_empty(),
            waiting: Arc::clone(&waiting),
            missed: AtomicU64::new(0),
        };
        thread::Builder::new().name("analytics-observers".into()).spawn(move || {
            mark_observers_thread();
            Thread { observers, encoder, destination, waiting }.run(&receiver);
        })?;
        Ok(notices)
    }

    /// Where the sink sends, for reports.
    pub(crate) fn destination(&self) -> Arc<str> {
        Arc::clone(&self.destination)
    }

    /// Whether there is anybody to tell.
    pub(crate) fn wants_any(&self) -> bool {
        self.sender.is_some()
    }

    pub(crate) fn wants_drops(&self) -> bool {
        self.wants_drops
    }

    pub(crate) fn wants_batches(&self) -> bool {
        self.wants_batches
    }

    pub(crate) fn wants_snapshots(&self) -> bool {
        self.wants_snapshots
    }

    /// Tells what a change of the engine brought about. Never blocks.
    pub(crate) fn report_effects(&self, effects: Effects) {
        let Effects { drops, missed, leftover, reports, measured, .. } = effects;
        for Dropped { reason, id, bytes } in drops {
            self.report(Notice::Dropped(DroppedEvent { destination: self.destination(), reason, id, bytes }));
        }
        self.miss(missed);
        if let Some(leftover) = leftover.filter(|_| self.wants_drops) {
            self.report(Notice::Left(leftover));
        }
        for report in reports {
            self.report(Notice::Batch(self.batch_report(report)));
        }
        if let Some(LedgerSnapshot { ledger, pending_bytes }) = measured {
            let missed_notices = self.missed();
            let destination = self.destination();
            let snapshot = SinkSnapshot { destination, ledger, pending_bytes, missed_notices };
            self.report(Notice::Snapshot(Box::new(snapshot)));
        }
    }

    fn batch_report(&self, report: AttemptReport) -> BatchReport {
        let now = SystemTime::now();
        BatchReport {
            destination: self.destination(),
            number: report.number,
            attempt: report.attempt,
            result: report.result,
            events: report.events,
            delivered: report.delivered,
            dropped: report.dropped,
            to_retry: report.events.saturating_sub(report.delivered + report.dropped),
            event_bytes: report.event_bytes,
            body_bytes: report.body_bytes,
            began_at: now.checked_sub(report.took).unwrap_or(now),
            duration: report.took,
            cause: report.cause,
        }
    }

    /// Tells, unless too much waits already. Never blocks.
    fn report(&self, notice: Notice) {
        let Some(sender) = &self.sender else { return };
        let bytes = notice.bytes();
        let has_room = self.waiting.enter(bytes) || notice.is_exempt();
        if !has_room || sender.send(notice).is_err() {
            self.waiting.leave(bytes);
            self.miss(1);
        }
    }

    /// Counts notices that are not told.
    pub(crate) fn miss(&self, notices: u64) {
        if notices > 0 && self.missed.fetch_add(notices, Ordering::Relaxed) == 0 {
            catch_panic(|| {
                tracing::warn!(target: TARGET, "the observers do not keep up; what they are not told is counted only");
            });
        }
    }

    pub(crate) fn missed(&self) -> u64 {
        self.missed.load(Ordering::Relaxed)
    }

    /// Waits until everything so far is told.
    pub(crate) async fn told(&self) {
        if self.sender.is_some() {
            let (answer, told) = oneshot::channel();
            self.report(Notice::Barrier(answer));
            // An error says that the thread is gone, and with it whoever was to be told.
            told.await.unwrap_or_default();
        }
    }
}

struct Thread {
    observers: Observers,
    encoder: Arc<dyn Encoder>,
    destination: Arc<str>,
    waiting: Arc<Waiting>,
}

impl Thread {
    /// Ends when the sink and its worker are gone.
    fn run(&self, notices: &Receiver<Notice>) {
        let mut panics = Panics::default();
        for notice in notices {
            self.waiting.leave(notice.bytes());
            match notice {
                Notice::Dropped(mut dropped) => {
                    dropped.id = dropped.id.or_else(|| self.id_of(dropped.bytes.as_deref()?));
                    panics.call_all(&self.observers.drops, |function| function(&dropped));
                }
                Notice::Left(leftover) => self.tell_left(&leftover, &mut panics),
                Notice::Batch(batch) => panics.call_all(&self.observers.batches, |function| function(&batch)),
                Notice::Snapshot(snapshot) => {
                    panics.call_all(&self.observers.snapshots, |function| function(&snapshot));
                }
                // Whoever asked may have stopped waiting.
                Notice::Barrier(answer) => answer.send(()).unwrap_or_default(),
            }
        }
    }

    fn tell_left(&self, leftover: &Leftover, panics: &mut Panics) {
        for event in leftover.events() {
            let (destination, id) = (Arc::clone(&self.destination), self.id_of(event));
            let dropped = DroppedEvent { destination, reason: leftover.reason, id, bytes: Some(event.into()) };
            panics.call_all(&self.observers.drops, |function| function(&dropped));
        }
    }

    fn id_of(&self, event: &[u8]) -> Option<analytics_core::EventId> {
        catch_panic(|| self.encoder.event_id(event)).flatten()
    }
}

/// Calls the host's functions, each whatever the others do.
#[derive(Default)]
struct Panics {
    is_told: bool,
}

impl Panics {
    fn call_all<F>(&mut self, functions: &[F], call: impl Fn(&F)) {
        for function in functions {
            if catch_panic(|| call(function)).is_none() && !std::mem::replace(&mut self.is_told, true) {
                catch_panic(|| {
                    tracing::error!(target: TARGET, "an observer panicked; it is called again for what comes next");
                });
            }
        }
    }
}
