//! The clauses of the contract.

mod capture;
mod flush;
mod health;
mod layer;
mod ledger;
mod purge;
mod reading;
mod room;
mod shutdown;

use std::pin::Pin;

use super::Make;

/// A check on its way; an error tells what was seen.
pub(super) type Checking = Pin<Box<dyn Future<Output = Result<(), String>> + Send>>;

/// One clause, as the trait's documentation numbers it.
#[derive(Clone, Copy)]
pub(super) struct Clause {
    pub(super) number: u8,
    pub(super) says: &'static str,
    /// What is wrong, most likely, with a sink that does not come back; empty where there is no telling.
    pub(super) if_it_blocks: &'static str,
    pub(super) check: fn(Make) -> Checking,
}

macro_rules! clauses {
    ($($number:literal $says:literal $(if it blocks $advice:literal)? |$make:ident| $check:expr;)*) => {
        &[$(Clause {
            number: $number,
            says: $says,
            if_it_blocks: concat!($($advice)?),
            check: |$make| Box::pin(async move { $check }),
        },)*]
    };
}

/// All clauses. That futures need no runtime is what running each of them without one checks.
pub(super) const ALL: &[Clause] = clauses! {
    1 "nothing blocks, and capture does not panic" |make| capture::survives_hostile_properties(&make);
    1 "capture may be called from inside another capture"
        if it blocks "a record is read under a lock that capture takes: read it first, then take the lock"
        |make| capture::may_be_called_inside_itself(&make);
    1 "capture may be called from a tracing layer"
        if it blocks "a line is logged under a lock that capture takes: release it first"
        |make| layer::may_capture_every_line(&make).await;
    2 "every record is counted once" |make| ledger::counts_once(&make);
    3 "the ledger is exact at any moment" |make| ledger::is_exact_meanwhile(&make);
    4 "flush is a barrier" |make| flush::is_a_barrier(&make).await;
    5 "shutdown ends" |make| shutdown::ends(&make).await;
    5 "shutdown may be called twice" |make| shutdown::may_be_called_again(&make).await;
    5 "shutdown ends after a call that was cancelled" |make| shutdown::ends_after_a_cancelled_call(&make).await;
    6 "room wakes when the sink is closed" |make| room::wakes_at_the_end(&make).await;
    7 "what a wrapper filtered stays filtered" |make| reading::leaves_hidden_properties_alone(&make);
    8 "health tells whether the sink is closed" |make| health::tells_whether_it_is_closed(&make).await;
    9 "purge counts what it drops" |make| purge::counts_what_it_drops(&make);
};

/// Fails a check with what was seen.
macro_rules! ensure {
    ($condition:expr, $($seen:tt)+) => {
        if !$condition {
            return Err(format!($($seen)+));
        }
    };
}
use ensure;
