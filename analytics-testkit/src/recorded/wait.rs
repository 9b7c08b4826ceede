//! Waiting for what another task or thread tracks.

use std::future::Future;
use std::panic::Location;
use std::time::Duration;

use super::Recorded;
use crate::assertion::fail;
use crate::expected::{Expectation, Expected};
use crate::recording::Snapshot;
use crate::report;
use crate::selection::matching;

impl Recorded {
    /// Waits until at least `count` events of a kind, of a name or the same as a whole event are recorded, at most
    /// for `limit`. Needs no runtime.
    ///
    /// # Panics
    /// The future panics if they are not there in time, and at once when the sink is shut down or dropped, since
    /// nothing can come then. The message begins with the file and line of this call.
    #[track_caller]
    pub fn wait_for<M>(
        &self,
        expected: impl Expected<M>,
        count: usize,
        limit: Duration,
    ) -> impl Future<Output = ()> + Send + 'static {
        let (recorded, expected, caller) = (self.clone(), expected.expectation(), Location::caller());
        async move {
            if !recorded.0.wait(limit, |snapshot| reached(snapshot, &expected, count)).await {
                fail(&format!("{caller}: {}", too_late(&recorded, &expected, count, limit)));
            }
        }
    }

    /// As [`wait_for`](Self::wait_for), and blocks the thread meanwhile.
    ///
    /// # Panics
    /// If they are not there in time, and at once when the sink is shut down or dropped.
    #[track_caller]
    pub fn wait_for_blocking<M>(&self, expected: impl Expected<M>, count: usize, limit: Duration) {
        let expected = expected.expectation();
        if !self.0.wait_blocking(limit, |snapshot| reached(snapshot, &expected, count)) {
            fail(&too_late(self, &expected, count, limit));
        }
    }
}

fn reached(snapshot: &Snapshot, expected: &Expectation, count: usize) -> bool {
    matching(&snapshot.records, expected).count() >= count
}

fn too_late(recorded: &Recorded, expected: &Expectation, count: usize, limit: Duration) -> String {
    let snapshot = recorded.0.snapshot();
    let came = matching(&snapshot.records, expected).count();
    let why = if recorded.0.is_closed() {
        "before the sink was shut down or dropped".to_owned()
    } else {
        format!("within {limit:?}")
    };
    format!(
        "waited for {count}\n    {}\nbut {came} came {why}{}{}",
        report::expectation(expected),
        report::did_you_mean(&expected.subject, &snapshot),
        report::all(&snapshot)
    )
}
