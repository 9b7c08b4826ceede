//! Clauses 2 and 3: every record is counted once, and at any moment.

use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

use analytics_core::{Captured, OwnedRecord};

use super::{Make, ensure};
use crate::contract::Sink;
use crate::contract::records::{Answers, records};

const THREADS: usize = 8;
const RECORDS: u64 = 800;

pub(super) fn counts_once(make: &Make) -> Result<(), String> {
    let sink = make();
    let answers = Answers::default();
    for record in records(20) {
        let before = sink.ledger();
        if let Captured::Dropped(reason) = answers.capture(&sink, &record) {
            let counted = sink.ledger().dropped(reason) - before.dropped(reason);
            ensure!(counted >= 1, "a record was dropped as {reason}, and was not counted before capture returned");
        }
        same(&sink, &answers, "after a capture")?;
    }
    ensure!(answers.no_room() == 0, "a record that does not wait for room was told that there is none");
    for record in records(20) {
        let _noted = answers.capture_waiting(&sink, &record);
        same(&sink, &answers, "after a capture that waits for room")?;
    }
    let all = records(RECORDS);
    thread::scope(|scope| {
        for some in all.chunks(all.len() / THREADS) {
            scope.spawn(|| answers.capture_all(&sink, some));
        }
    });
    same(&sink, &answers, "after captures on several threads")
}

fn same(sink: &Sink, answers: &Answers, when: &str) -> Result<(), String> {
    let ledger = sink.ledger();
    let counted = answers.counted();
    ensure!(ledger.accounts_for(counted), "{when} the ledger tells {ledger}, where capture kept or dropped {counted}");
    Ok(())
}

pub(super) fn is_exact_meanwhile(make: &Make) -> Result<(), String> {
    let sink = make();
    let (begun, ended) = (AtomicU64::new(0), AtomicU64::new(0));
    let all = records(RECORDS);
    let capture = |some: &[OwnedRecord]| {
        for record in some {
            begun.fetch_add(1, Ordering::SeqCst);
            let _counted = sink.capture(&record.as_record());
            ended.fetch_add(1, Ordering::SeqCst);
        }
    };
    thread::scope(|scope| {
        for some in all.chunks(all.len() / THREADS) {
            scope.spawn(move || capture(some));
        }
        let mut settled_before = 0;
        loop {
            let at_least = ended.load(Ordering::SeqCst);
            let ledger = sink.ledger();
            let at_most = begun.load(Ordering::SeqCst);
            let range = at_least..=at_most;
            ensure!(range.contains(&ledger.captured()), "with {range:?} records captured the ledger told {ledger}");
            let settled = ledger.captured() - ledger.pending();
            ensure!(settled >= settled_before, "{settled_before} records were settled, later only {settled}");
            settled_before = settled;
            if at_least == RECORDS {
                return Ok(());
            }
        }
    })
}
