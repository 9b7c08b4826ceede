//! Clause 1: capture may be called from a `tracing` layer, for what the sink itself logs too.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use analytics_core::{Actor, Analytics, Captured, OwnedRecord};

use super::{Make, ensure};
use crate::contract::Sink;
use crate::contract::bridge::{Answer, Bridge};
use crate::contract::hostile;
use crate::contract::records::records;

/// The log lines for which a record is captured: many times what a sink logs of so few records.
const LINES: usize = 1_000;
/// The records after which a sink that has logged a line for each of them is held to do so for ever.
const ENDLESS: usize = 16;
/// The records that are captured once the sink is closed.
const LATE: usize = 2;

pub(super) async fn may_capture_every_line(make: &Make) -> Result<(), String> {
    let mut ordinary = records((ENDLESS + LATE + LINES) as u64);
    let of_lines = ordinary.split_off(ENDLESS + LATE);
    let (early, late) = ordinary.split_at(ENDLESS);
    let sink = make();
    let bridge = Bridge::new(Arc::clone(&sink), of_lines);
    let mut heard = Hearing { sink, bridge, captured: 0 };

    heard.hostile()?;
    let mut feeds_itself = true;
    for record in early {
        feeds_itself &= heard.ordinary(record)?;
    }
    ensure!(
        !feeds_itself,
        "it logs a line for every record, and takes one that a layer makes of such a line like any other: \
         that never ends"
    );
    heard.bridge.hear_future(heard.sink.shutdown(Duration::ZERO)).await;
    for record in late {
        heard.ordinary(record)?;
    }
    ensure!(!heard.bridge.is_exhausted(), "it logged more than {LINES} lines, where one begot another");
    Ok(())
}

/// A sink, all of whose log lines are captured into itself.
struct Hearing {
    sink: Sink,
    bridge: Bridge,
    /// What was captured, but for the records of log lines.
    captured: u64,
}

impl Hearing {
    /// Captures records that give a sink every reason to log.
    fn hostile(&mut self) -> Result<(), String> {
        let analytics = Analytics::new(Arc::clone(&self.sink));
        for event in &hostile::all() {
            let track = || catch_unwind(AssertUnwindSafe(|| analytics.track(Actor::user("u1"), event)));
            let tracked = self.bridge.hear(track);
            ensure!(tracked.is_ok(), "capture panics with a property that {}, where each line is captured", event.does);
            self.captured += 1;
            self.counted_once(&format!("a record with a property that {}", event.does))?;
        }
        Ok(())
    }

    /// Captures a record; whether a line came of it whose own record was answered in the same way.
    ///
    /// `tracing` hides from a subscriber of one thread what is logged while it takes a line, so that this check cannot
    /// recurse. A subscriber of the whole process would: what is answered the same is logged the same.
    fn ordinary(&mut self, record: &OwnedRecord) -> Result<bool, String> {
        let before = self.bridge.answers().len();
        let answer: Answer = Ok(self.bridge.hear(|| self.sink.capture(&record.as_record())));
        self.captured += 1;
        self.counted_once("an ordinary record")?;
        Ok(self.bridge.answers().iter().skip(before).any(|of_line| *of_line == answer))
    }

    fn counted_once(&self, what: &str) -> Result<(), String> {
        let mut counted = self.captured;
        for answer in self.bridge.answers() {
            match answer {
                Ok(Captured::Kept | Captured::Dropped(_)) => counted += 1,
                Ok(Captured::NoRoom) => {}
                Err(panic) => return Err(format!("with {what}, capture panics within a log line: {panic}")),
            }
        }
        let ledger = self.sink.ledger();
        let within_lines = counted - self.captured;
        ensure!(
            ledger.accounts_for(counted),
            "after {what} the ledger tells {ledger}, where capture took {counted}, {within_lines} of them within log lines"
        );
        Ok(())
    }
}
