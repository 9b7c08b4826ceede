//! One request.

use std::sync::Arc;

use crate::answer::{Answer, Outcome};
use crate::batch::Batch;
use crate::engine::{Cut, Dispatch};
use crate::shared::Shared;
use crate::transport::Transport;

/// A dispatch in the worker's hands. If it is dropped before it [finished](Self::land), what it holds waits in the
/// queue again.
pub(super) struct InFlight {
    shared: Arc<Shared>,
    dispatch: Option<Dispatch>,
}

/// A dispatch and the answer to its attempt.
pub(super) struct FinishedAttempt {
    dispatch: InFlight,
    answer: Answer,
}

impl InFlight {
    pub(super) fn new(shared: Arc<Shared>, dispatch: Dispatch) -> Self {
        Self { shared, dispatch: Some(dispatch) }
    }

    /// Makes the attempt.
    pub(super) async fn send(self, transport: Arc<dyn Transport>) -> FinishedAttempt {
        let answer = match &self.dispatch {
            Some(dispatch) => attempt(&self.shared, dispatch, transport.as_ref()).await,
            // It is there until it lands.
            None => Answer::new(Outcome::Retry { after: None }),
        };
        FinishedAttempt { dispatch: self, answer }
    }
}

async fn attempt(shared: &Shared, dispatch: &Dispatch, transport: &dyn Transport) -> Answer {
    let ends_at = shared.instant(dispatch.attempt.ends_at);
    let composed_at = shared.wall_time(dispatch.attempt.batch.composed_at);
    let batch = Batch::new(dispatch.route, dispatch.attempt.batch, composed_at, &dispatch.leased);
    match tokio::time::timeout_at(ends_at.into(), transport.send(&batch, ends_at)).await {
        Ok(answer) => answer,
        Err(_) => Answer::new(Outcome::Retry { after: None }).with_cause("no answer in time").timed_out(),
    }
}

impl FinishedAttempt {
    /// Takes the dispatch out, which is the engine's again.
    pub(super) fn take(mut self) -> Option<(Dispatch, Answer)> {
        Some((self.dispatch.dispatch.take()?, self.answer))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let Some(dispatch) = self.dispatch.take() else { return };
        let cut = if std::thread::panicking() { Cut::Panicked } else { Cut::CalledOff };
        let (now, chance) = (self.shared.now(), fastrand::f64());
        self.shared.change(|engine| engine.cut_off(dispatch, cut, now, chance)).unwrap_or_default();
    }
}
