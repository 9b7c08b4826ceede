//! Sending a batch.

use std::fmt;
use std::time::Instant;

use async_trait::async_trait;

use crate::answer::Answer;
use crate::batch::Batch;

/// Sends batches to a backend. Called on the worker's thread only, inside its runtime.
#[async_trait]
pub trait Transport: fmt::Debug + Send + Sync + 'static {
    /// Sends `batch` and says what became of it, at `deadline` at the latest. It makes one attempt; whether there
    /// is another is the engine's to decide.
    async fn send(&self, batch: &Batch<'_>, deadline: Instant) -> Answer;

    /// Where batches go, for logs: a host, never a key.
    fn destination(&self) -> String;

    /// What a batch may become before it is sent again. Asked once.
    fn repeats(&self) -> Repeats;
}

/// What a batch may become before it is sent again after an attempt without an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Repeats {
    /// Nothing: it has the same [number](Batch::number) and the same events, less those that were given up meanwhile,
    /// for their age say. A broker that knows a repeat by its batch's number needs that: parts of it would be stored
    /// twice. Only what the transport itself calls [`Outcome::Split`](crate::Outcome::Split) or
    /// [`Outcome::Poisoned`](crate::Outcome::Poisoned) is parted.
    Whole,
    /// Parts, each a batch of its own: smaller ones for a slow link, and halves of one that fails again and again while
    /// others pass. For a backend that knows each event by its id.
    Divisible,
}

analytics_rules::words! { Repeats { Whole = "whole", Divisible = "divisible" } }
