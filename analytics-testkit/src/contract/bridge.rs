//! A subscriber of `tracing` that captures a record for every log line.

use std::future::poll_fn;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use analytics_core::{Captured, OwnedRecord};
use tracing::dispatcher::with_default;
use tracing::span::{Attributes, Id, Record as Values};
use tracing::subscriber::{Interest, NoSubscriber};
use tracing::{Dispatch, Event, Metadata, Subscriber};

use super::Sink;
use crate::recording::message;

/// What a sink answered to the record of a log line, or what its panic said.
pub(super) type Answer = Result<Captured, String>;

/// Captures a record into a sink for every line that is logged while it hears.
pub(super) struct Bridge {
    lines: Arc<Lines>,
    dispatch: Dispatch,
    /// With one subscriber only, `tracing` asks any thread that comes by whether a line matters, and believes it for
    /// all threads. With two it asks them both.
    _second: Dispatch,
}

impl Bridge {
    /// One of the `records` is captured for every line; a line after the last of them is not heard.
    pub(super) fn new(sink: Sink, records: Vec<OwnedRecord>) -> Self {
        let lines = Arc::new(Lines { sink, records, heard: AtomicUsize::default(), answers: Mutex::default() });
        let second = Dispatch::new(NoSubscriber::default());
        Self { dispatch: Dispatch::new(Arc::clone(&lines)), lines, _second: second }
    }

    /// Hears what `call` logs on this thread.
    pub(super) fn hear<T>(&self, call: impl FnOnce() -> T) -> T {
        // A thread that met a line just before there were two may have settled since that nobody wants it.
        tracing::callsite::rebuild_interest_cache();
        with_default(&self.dispatch, call)
    }

    /// Hears what a future logs whenever it is polled.
    pub(super) async fn hear_future<F: Future + ?Sized>(&self, mut future: Pin<Box<F>>) -> F::Output {
        poll_fn(|context| self.hear(|| future.as_mut().poll(context))).await
    }

    /// The sink's answers so far.
    pub(super) fn answers(&self) -> Vec<Answer> {
        self.lines.answers.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Whether there were more lines than records for them.
    pub(super) fn is_exhausted(&self) -> bool {
        self.lines.heard.load(Ordering::SeqCst) > self.lines.records.len()
    }
}

struct Lines {
    sink: Sink,
    records: Vec<OwnedRecord>,
    heard: AtomicUsize,
    answers: Mutex<Vec<Answer>>,
}

impl Subscriber for Lines {
    fn register_callsite(&self, _metadata: &'static Metadata<'static>) -> Interest {
        // Asked again for every line: the answer is kept for all threads, and beyond this subscriber's life.
        Interest::sometimes()
    }

    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        metadata.is_event()
    }

    fn event(&self, _event: &Event<'_>) {
        let line = self.heard.fetch_add(1, Ordering::SeqCst);
        let Some(record) = self.records.get(line) else { return };
        // The panic must not reach the sink through its own log line, where it might be taken for a property's.
        let captured = catch_unwind(AssertUnwindSafe(|| self.sink.capture(&record.as_record())));
        let answer = captured.map_err(|panic| message(&*panic));
        self.answers.lock().unwrap_or_else(PoisonError::into_inner).push(answer);
    }

    fn new_span(&self, _span: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _span: &Id, _values: &Values<'_>) {}

    fn record_follows_from(&self, _span: &Id, _follows: &Id) {}

    fn enter(&self, _span: &Id) {}

    fn exit(&self, _span: &Id) {}
}
