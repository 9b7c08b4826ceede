//! Records to capture.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use analytics_core::{Actor, Analytics, Captured, DropReason, DynamicEvent, OwnedRecord};

use super::Sink;
use crate::sink::RecordingSink;

/// Ordinary records, no two of which are the same.
pub(super) fn records(count: u64) -> Vec<OwnedRecord> {
    let (sink, recorded) = RecordingSink::lenient_pair();
    let analytics = Analytics::new(sink);
    for number in 0..count {
        let event = DynamicEvent::new("contract_checked").with("number", number).with("text", "some text");
        analytics.track(Actor::user(&format!("u{number}")), event);
    }
    recorded.records()
}

/// How a sink answered.
#[derive(Debug, Default)]
pub(super) struct Answers {
    kept: AtomicU64,
    dropped: AtomicU64,
    no_room: AtomicU64,
}

impl Answers {
    /// Captures a record and notes the answer.
    pub(super) fn capture(&self, sink: &Sink, record: &OwnedRecord) -> Captured {
        self.noted(sink.capture(&record.as_record()))
    }

    /// Captures records; what becomes of them is noted and otherwise does not matter.
    pub(super) fn capture_all(&self, sink: &Sink, records: &[OwnedRecord]) {
        for record in records {
            let _noted = self.capture(sink, record);
        }
    }

    /// As [`capture`](Self::capture), for a caller that waits for room.
    pub(super) fn capture_waiting(&self, sink: &Sink, record: &OwnedRecord) -> Captured {
        self.noted(sink.capture(&record.as_record().waiting_for_room()))
    }

    fn noted(&self, captured: Captured) -> Captured {
        let count = match captured {
            Captured::Kept => &self.kept,
            Captured::Dropped(_) => &self.dropped,
            Captured::NoRoom => &self.no_room,
        };
        count.fetch_add(1, Ordering::SeqCst);
        captured
    }

    /// Records that must be in the ledger.
    pub(super) fn counted(&self) -> u64 {
        self.kept.load(Ordering::SeqCst) + self.dropped.load(Ordering::SeqCst)
    }

    pub(super) fn no_room(&self) -> u64 {
        self.no_room.load(Ordering::SeqCst)
    }
}

/// Whether a sink that is closed may answer this: that it is closed, or what it would answer anyway, because
/// somebody wants it so.
pub(super) fn is_closed(captured: Captured) -> bool {
    matches!(captured, Captured::Dropped(reason) if reason == DropReason::Closed || reason.is_intended())
}

/// The grace that is given where a sink may well use it.
pub(super) const GRACE: Duration = Duration::from_secs(1);

/// How much longer than its grace a sink may take on a machine that is busy.
pub(super) const TOLERANCE: Duration = Duration::from_secs(4);
