//! [`LogSink`].

use std::cell::Cell;
use std::fmt::Write as _;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use analytics_core::unwind::catch_panic;
use analytics_core::{Accounts, AnalyticsSink, Captured, DropReason, Health, Lane, Ledger, Record, async_trait};

thread_local! {
    /// Whether this thread is writing a line. It holds no meaning beyond that call.
    static WRITING: Cell<bool> = const { Cell::new(false) };
}

/// Writes every event as one line through `tracing`: `u1 copilot_tool_called tool_name=search`.
///
/// The lines have the level `info` and the target [`analytics::events`](Self::TARGET). They hold the events'
/// properties, so this is for a developer's machine. An event counts as delivered when its line is written, and as
/// [`DropReason::Disabled`] where no subscriber wants the line. A subscriber that tracks an event for each line would
/// never end: what is tracked while a line is written is dropped as [`DropReason::Feedback`].
#[derive(Debug, Default)]
pub struct LogSink {
    accounts: Accounts,
    closed: AtomicBool,
}

impl LogSink {
    /// The target of the lines, for a filter like `RUST_LOG=analytics::events=info`.
    pub const TARGET: &'static str = "analytics::events";

    /// A sink that has written nothing yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl AnalyticsSink for LogSink {
    fn capture(&self, record: &Record<'_>) -> Captured {
        if self.closed.load(Ordering::Acquire) {
            return self.accounts.refuse(record.lane(), DropReason::Closed);
        }
        if WRITING.get() {
            return self.accounts.refuse(record.lane(), DropReason::Feedback);
        }
        if !tracing::enabled!(target: LogSink::TARGET, tracing::Level::INFO) {
            return self.accounts.refuse(record.lane(), DropReason::Disabled);
        }
        let permit = self.accounts.admit(record);
        match catch_panic(|| write(record)).unwrap_or(Err(DropReason::Panicked)) {
            Ok(()) => {
                permit.delivered();
                Captured::Kept
            }
            Err(reason) => {
                permit.dropped(reason);
                Captured::Dropped(reason)
            }
        }
    }

    async fn room(&self, _lane: Lane) {}

    async fn flush(&self, _grace: Duration) -> Ledger {
        self.ledger()
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        self.closed.store(true, Ordering::Release);
        self.ledger()
    }

    fn ledger(&self) -> Ledger {
        self.accounts.ledger()
    }

    /// Nothing waits.
    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    /// Where nobody wants the lines it is `Disabled`.
    fn health(&self) -> Health {
        if self.closed.load(Ordering::Acquire) {
            Health::Closed
        } else if tracing::enabled!(target: LogSink::TARGET, tracing::Level::INFO) {
            Health::Ok
        } else {
            Health::Disabled
        }
    }
}

fn write(record: &Record<'_>) -> Result<(), DropReason> {
    // The event's own code runs first, while this thread may still track other events.
    let mut line = String::new();
    write!(line, "{record}").map_err(|_| DropReason::Unencodable)?;
    let _writing = Writing::begin();
    tracing::info!(target: LogSink::TARGET, "{line}");
    Ok(())
}

/// Marks this thread as writing, also if a subscriber panics.
struct Writing;

impl Writing {
    fn begin() -> Self {
        WRITING.set(true);
        Self
    }
}

impl Drop for Writing {
    fn drop(&mut self) {
        WRITING.set(false);
    }
}
