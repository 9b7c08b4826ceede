//! One request.

use std::sync::Arc;

use crate::answer::{Answer, Outcome};
use crate::batch::Batch;
use crate::engine::{Cut, Flight};
use crate::shared::Shared;
use crate::transport::Transport;

/// A flight in the worker's hands. If it is dropped before it [landed](Self::land), what it holds waits in the queue again.
pub(super) struct InFlight {
    shared: Arc<Shared>,
    flight: Option<Flight>,
}

/// A flight and the answer to its attempt.
pub(super) struct Landing {
    flight: InFlight,
    answer: Answer,
}

impl InFlight {
    pub(super) fn new(shared: Arc<Shared>, flight: Flight) -> Self {
        Self { shared, flight: Some(flight) }
    }

    /// Makes the attempt.
    pub(super) async fn send(self, transport: Arc<dyn Transport>) -> Landing {
        let answer = match &self.flight {
            Some(flight) => attempt(&self.shared, flight, transport.as_ref()).await,
            // It is there until it lands.
            None => Answer::new(Outcome::Retry { after: None }),
        };
        Landing { flight: self, answer }
    }
}

async fn attempt(shared: &Shared, flight: &Flight, transport: &dyn Transport) -> Answer {
    let ends_at = shared.instant(flight.attempt.ends_at);
    let composed_at = shared.wall_time(flight.attempt.batch.composed_at);
    let batch = Batch::new(flight.route, flight.attempt.batch, composed_at, &flight.leased);
    match tokio::time::timeout_at(ends_at.into(), transport.send(&batch, ends_at)).await {
        Ok(answer) => answer,
        Err(_) => Answer::new(Outcome::Retry { after: None }).because("no answer in time").timed_out(),
    }
}

impl Landing {
    /// Takes the flight out, which is the engine's again.
    pub(super) fn take(mut self) -> Option<(Flight, Answer)> {
        Some((self.flight.flight.take()?, self.answer))
    }
}

impl Drop for InFlight {
    fn drop(&mut self) {
        let Some(flight) = self.flight.take() else { return };
        let cut = if std::thread::panicking() { Cut::Panicked } else { Cut::CalledOff };
        let (now, chance) = (self.shared.now(), fastrand::f64());
        self.shared.change(|engine| engine.cut_off(flight, cut, now, chance)).unwrap_or_default();
    }
}
