//! Why sending failed last.

use std::sync::{Arc, Mutex, PoisonError};

use product_analytics::{AttemptResult, BatchReport, Observers};

/// The cause of the last attempt at which not every event was taken, of any backend.
#[derive(Clone, Debug, Default)]
pub(crate) struct LastFailure(Arc<Mutex<Option<String>>>);

impl LastFailure {
    /// Observers that note it. A shutdown waits until they are told.
    pub(crate) fn observers(&self) -> Observers {
        let failure = self.clone();
        Observers::new().on_batch(move |batch| failure.note(batch))
    }

    fn note(&self, batch: &BatchReport) {
        let is_failure = batch.result != AttemptResult::Answered || batch.dropped > 0;
        if is_failure && !batch.cause.is_empty() {
            *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Some(batch.cause.clone());
        }
    }

    pub(crate) fn cause(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}
