//! Clause 5: shutdown ends.

use std::pin::Pin;
use std::task::{Context, Poll, Waker};
use std::time::{Duration, Instant};

use analytics_core::Ledger;

use super::{Make, ensure};
use crate::contract::Sink;
use crate::contract::records::{Answers, GRACE, TOLERANCE, is_closed, records};

pub(super) async fn ends(make: &Make) -> Result<(), String> {
    for grace in [Duration::ZERO, GRACE] {
        let (sink, answers) = with_records(make);
        let begun = Instant::now();
        let ledger = sink.shutdown(grace).await;
        let took = begun.elapsed();
        ensure!(took <= grace + TOLERANCE, "with a grace of {grace:?} it took {took:?}");
        accounted(&ledger, &answers)?;
        closed(&sink, &answers)?;
    }
    Ok(())
}

pub(super) async fn may_be_called_again(make: &Make) -> Result<(), String> {
    let (sink, answers) = with_records(make);
    let (mut one, mut other) = (sink.shutdown(GRACE), sink.shutdown(GRACE));
    // Both are on their way before either is awaited.
    let begun = [poll_once(&mut one), poll_once(&mut other)];
    for (begun, future) in begun.into_iter().zip([one, other]) {
        let ledger = match begun {
            Poll::Ready(ledger) => ledger,
            Poll::Pending => future.await,
        };
        accounted(&ledger, &answers)?;
    }
    accounted(&sink.shutdown(Duration::ZERO).await, &answers)?;
    closed(&sink, &answers)
}

pub(super) async fn ends_after_a_cancelled_call(make: &Make) -> Result<(), String> {
    let (sink, answers) = with_records(make);
    let _cancelled = poll_once(&mut sink.shutdown(GRACE));
    let begun = Instant::now();
    let ledger = sink.shutdown(GRACE).await;
    let took = begun.elapsed();
    ensure!(took <= GRACE + TOLERANCE, "after a cancelled call, with a grace of {GRACE:?}, it took {took:?}");
    accounted(&ledger, &answers)?;
    closed(&sink, &answers)
}

fn poll_once<F: Future + ?Sized>(future: &mut Pin<Box<F>>) -> Poll<F::Output> {
    future.as_mut().poll(&mut Context::from_waker(Waker::noop()))
}

fn with_records(make: &Make) -> (Sink, Answers) {
    let (sink, answers) = (make(), Answers::default());
    answers.capture_all(&sink, &records(100));
    (sink, answers)
}

fn accounted(ledger: &Ledger, answers: &Answers) -> Result<(), String> {
    let counted = answers.counted();
    ensure!(ledger.is_settled(), "it returned with {} records pending", ledger.pending());
    ensure!(ledger.accounts_for(counted), "it returned {ledger}, where capture kept or dropped {counted}");
    Ok(())
}

fn closed(sink: &Sink, answers: &Answers) -> Result<(), String> {
    for record in records(2) {
        let captured = answers.capture(sink, &record);
        ensure!(is_closed(captured), "afterwards capture answers {captured:?}");
        let captured = answers.capture_waiting(sink, &record);
        ensure!(is_closed(captured), "afterwards capture answers {captured:?} to a record that waits for room");
    }
    let ledger = sink.ledger();
    ensure!(ledger.accounts_for(answers.counted()), "records that came afterwards are not counted: {ledger}");
    Ok(())
}
