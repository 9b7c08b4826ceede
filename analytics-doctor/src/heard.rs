//! What the library logs, kept to be told.

use std::fmt;
use std::sync::{Arc, Mutex, PoisonError};

use tracing::field::{Field, Visit};
use tracing::span::{Attributes, Id, Record};
use tracing::{Event, Level, Metadata, Subscriber};

/// The warnings so far, of all threads.
#[derive(Clone, Debug, Default)]
pub(crate) struct Heard(Arc<Mutex<Vec<Warning>>>);

/// A line of the log.
#[derive(Clone, Debug, Default)]
pub(crate) struct Warning {
    pub(crate) message: String,
    /// Why sending fails.
    pub(crate) cause: Option<String>,
}

impl Heard {
    /// Hears all that is logged from now on. A program does this once.
    pub(crate) fn listen() -> Self {
        let heard = Self::default();
        // Should somebody listen already, nothing is heard here, and findings lack their cause.
        tracing::subscriber::set_global_default(heard.clone()).unwrap_or_default();
        heard
    }

    /// The messages so far, without the prefix that all of them have.
    pub(crate) fn messages(&self) -> Vec<String> {
        let shorten = |warning: Warning| {
            let message = warning.message;
            message.strip_prefix("analytics: ").map_or(message.clone(), str::to_owned)
        };
        self.warnings().into_iter().map(shorten).collect()
    }

    /// Why sending failed last.
    pub(crate) fn cause(&self) -> Option<String> {
        self.warnings().into_iter().rev().find_map(|warning| warning.cause)
    }

    fn warnings(&self) -> Vec<Warning> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

impl Subscriber for Heard {
    fn enabled(&self, metadata: &Metadata<'_>) -> bool {
        *metadata.level() <= Level::WARN && metadata.target().starts_with("analytics_")
    }

    fn event(&self, event: &Event<'_>) {
        let mut warning = Warning::default();
        event.record(&mut warning);
        self.0.lock().unwrap_or_else(PoisonError::into_inner).push(warning);
    }

    fn new_span(&self, _: &Attributes<'_>) -> Id {
        Id::from_u64(1)
    }

    fn record(&self, _: &Id, _: &Record<'_>) {}
    fn record_follows_from(&self, _: &Id, _: &Id) {}
    fn enter(&self, _: &Id) {}
    fn exit(&self, _: &Id) {}
}

impl Visit for Warning {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        match field.name() {
            "message" => self.message = format!("{value:?}"),
            "cause" => self.cause = Some(format!("{value:?}")),
            _ => {}
        }
    }
}
