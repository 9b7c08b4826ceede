//! Clause 6: whoever waits for room is woken.

use std::sync::{Arc, Condvar, Mutex, PoisonError};
use std::task::{Context, Wake, Waker};
use std::time::Duration;

use analytics_core::Lane;

use super::{Make, ensure};
use crate::contract::records::{Answers, GRACE, records};

/// Enough to fill a small queue, and too few to fill any other.
const RECORDS: u64 = 200;

pub(super) async fn wakes_at_the_end(make: &Make) -> Result<(), String> {
    let sink = make();
    let answers = Answers::default();
    for record in records(RECORDS) {
        let _noted = answers.capture_waiting(&sink, &record);
    }
    let woken = Arc::new(Woken::default());
    let mut room = sink.room(Lane::Product);
    let mut is_over = || room.as_mut().poll(&mut Context::from_waker(&Waker::from(Arc::clone(&woken)))).is_ready();
    if !is_over() {
        sink.shutdown(GRACE).await;
        ensure!(woken.within(GRACE), "who waited for room was not woken");
        ensure!(is_over(), "who waited for room still waits after a shutdown");
    }
    sink.shutdown(GRACE).await;
    // If this never comes back, the suite's patience tells.
    sink.room(Lane::Product).await;
    Ok(())
}

/// A waker that remembers that it was called.
#[derive(Default)]
struct Woken {
    yes: Mutex<bool>,
    changed: Condvar,
}

impl Woken {
    fn within(&self, limit: Duration) -> bool {
        let yes = self.yes.lock().unwrap_or_else(PoisonError::into_inner);
        let waited = self.changed.wait_timeout_while(yes, limit, |yes| !*yes);
        *waited.unwrap_or_else(PoisonError::into_inner).0
    }
}

impl Wake for Woken {
    fn wake(self: Arc<Self>) {
        *self.yes.lock().unwrap_or_else(PoisonError::into_inner) = true;
        self.changed.notify_all();
    }
}
