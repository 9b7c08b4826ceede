//! Clause 9: purge counts what it drops.

use analytics_core::{Captured, DropReason};

use super::{Make, ensure};
use crate::contract::records::{Answers, records};

const RECORDS: u64 = 20;

pub(super) fn counts_what_it_drops(make: &Make) -> Result<(), String> {
    let (sink, answers) = (make(), Answers::default());
    answers.capture_all(&sink, &records(RECORDS));
    let before = sink.ledger();
    let purged = sink.purge(DropReason::Consent);
    let after = sink.ledger();
    let counted = after.dropped(DropReason::Consent) - before.dropped(DropReason::Consent);
    ensure!(counted == purged, "it answers that {purged} were dropped, and the ledger has {counted} more");
    let captured = before.captured();
    ensure!(after.accounts_for(captured), "of {captured} records the ledger tells {after}");
    ensure!(purged <= before.pending(), "{purged} were dropped, where {} were pending", before.pending());
    for record in &records(1) {
        let answer = answers.capture(&sink, record);
        ensure!(answer != Captured::Dropped(DropReason::Closed), "afterwards capture answers that it is closed");
    }
    Ok(())
}
