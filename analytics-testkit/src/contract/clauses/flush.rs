//! Clause 4: flush is a barrier.

use std::time::{Duration, Instant};

use analytics_core::DropReason;

use super::{Make, ensure};
use crate::contract::records::{Answers, GRACE, TOLERANCE, records};

pub(super) async fn is_a_barrier(make: &Make) -> Result<(), String> {
    let sink = make();
    let answers = Answers::default();
    answers.capture_all(&sink, &records(100));

    let begun = Instant::now();
    let ledger = sink.flush(Duration::ZERO).await;
    let took = begun.elapsed();
    ensure!(took <= TOLERANCE, "with no grace it took {took:?}");
    for reason in [DropReason::Abandoned, DropReason::Closed] {
        ensure!(ledger.dropped(reason) == 0, "a flush with no grace dropped records as {reason}: {ledger}");
    }

    let begun = Instant::now();
    let ledger = sink.flush(GRACE).await;
    let took = begun.elapsed();
    ensure!(took <= GRACE + TOLERANCE, "with a grace of {GRACE:?} it took {took:?}");
    ensure!(
        ledger.accounts_for(answers.counted()),
        "it returned {ledger}, with {} records captured",
        answers.counted()
    );
    ensure!(
        took >= GRACE || ledger.is_settled(),
        "it returned before the grace was over, with {} pending",
        ledger.pending()
    );

    answers.capture_all(&sink, &records(1));
    ensure!(sink.ledger().dropped(DropReason::Closed) == 0, "after a flush the sink is closed");
    Ok(())
}
