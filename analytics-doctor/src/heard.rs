//! Why sending fails, as the library logs it.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// The last cause that a warning named, on any thread.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard(Arc<Mutex<Option<String>>>);

impl Heard {
    /// Hears all that is logged from now on. A program does this once.
    pub(crate) fn listen() -> Self {
        let heard = Self::default();
        // Should somebody listen already, nothing is heard here, and findings lack their cause.
        tracing::subscriber::set_global_default(heard.clone()).unwrap_or_default();
        heard
    }

    /// Why sending failed last.
    pub(crate) fn cause(&self) -> Option<String> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Subscriber for Heard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN && metadata.target().starts_with("analytics_")
    }

    fn event(&self, event: &Event<'_>) {
        event.record(&mut Cause(self));
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

/// Looks for the cause among a line's fields.
struct Cause<'h>(&'h Heard);

impl Visit for Cause<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "cause" {
            let cause = Some(format!("{value:?}"));
            *self.0.0.lock().unwrap_or_else(PoisonError::into_inner) = cause;
        }
    }
}
