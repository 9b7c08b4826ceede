//! The handle that a service passes down.

mod alias;
mod event_builder;
mod exposures;
mod flag_called;
mod group_identify;
mod identify;
mod late;
mod scoped;
mod shared;
mod shutdown_guard;
mod tracker;
mod watch;

use std::fmt;
use std::io;
use std::sync::Arc;
use std::sync::atomic::Ordering;
use std::time::{Duration, SystemTime};

pub use self::alias::{AliasBuilder, AnonymousAlias};
pub use self::event_builder::EventBuilder;
pub use self::group_identify::GroupIdentifyBuilder;
pub use self::identify::IdentifyBuilder;
pub use self::late::{BindError, LateActor};
use self::shared::Shared;
pub use self::shutdown_guard::ShutdownGuard;
pub use self::tracker::Tracker;

use crate::actor::{Actor, IntoDistinctId};
use crate::clock::{Clock, SystemClock};
use crate::event::Event;
use crate::id::EventId;
use crate::ledger::{Acknowledged, Captured, DropReason, Ledger, Receipt, Settlement};
use crate::log_target::TARGET;
use crate::record::{Details, OwnedRecord, Record, RecordKind, Scope, Stamp};
use crate::sink::{AnalyticsSink, Health};
use crate::timeout::block_on;
use crate::unwind::{catch_panic, drop_caught};

pub use analytics_rules::MAX_EVENT_NAME_BYTES as MAX_NAME_BYTES;

/// The handle that a service builds at start-up and passes down. Cheap to clone.
///
/// ```
/// use analytics_core::{Actor, Analytics, CopilotEvent};
///
/// fn call_tool(analytics: &Analytics, user: Option<&str>, session_id: &str) {
///     analytics.track(
///         Actor::user_or_session(user, session_id),
///         CopilotEvent::ToolCalled { session_id, tool_name: "search", tool_call_id: "call_1" },
///     );
/// }
/// ```
///
/// Tracking never blocks, never fails and returns nothing to handle; [`ledger`](Self::ledger) tells what became of
/// every event. An actor or a name that no backend takes is refused here, before any sink sees it: counted as
/// [`DropReason::InvalidActor`] or [`DropReason::InvalidName`], logged the first time. An event whose code panics is
/// counted as [`DropReason::Panicked`], and so is one whose sink does; with debug assertions a sink's panic reaches the
/// caller, so that a mock's failed expectation is seen.
///
/// Every process makes a handle of its own. In a child that was forked after the handle was made, nobody delivers:
/// `docs/guide.md` says where a server that forks its workers makes its sink.
#[derive(Clone)]
pub struct Analytics {
    shared: Arc<Shared>,
    scope: Arc<Scope>,
}

impl Analytics {
    /// A handle on `sink`.
    #[must_use]
    pub fn new(sink: impl AnalyticsSink) -> Self {
        Self::with_clock(sink, SystemClock)
    }

    /// A handle on `sink` whose events happen at the times that `clock` tells.
    #[must_use]
    pub fn with_clock(sink: impl AnalyticsSink, clock: impl Clock) -> Self {
        let shared = Shared::new(Box::new(sink), Stamp::new(clock));
        Self { shared: Arc::new(shared), scope: Arc::default() }
    }

    /// Tracks an event.
    #[inline]
    pub fn track<E: Event>(&self, actor: Actor<'_>, event: E) {
        let _record = self.capture(&actor, RecordKind::Track(&event), None);
        drop_caught(event);
    }

    /// Tracks an event once there is room for it, for a producer that must lose nothing. Ends when the event is kept,
    /// or dropped for another reason than a full queue; dropping the future before gives the event up, uncounted.
    ///
    /// The event happens when this is first polled, however long it waits.
    pub async fn track_when_room<E: Event>(&self, actor: Actor<'_>, event: E) {
        // A record cannot be held while waiting: it belongs to this thread's stack. Its copy can.
        let copy = self.offer(&actor, RecordKind::Track(&event));
        drop_caught(event);
        let Some(copy) = copy else { return };
        loop {
            self.shared.sink.room(copy.lane()).await;
            if self.shared.capture(&copy.as_record().waiting_for_room()) != Captured::NoRoom {
                return;
            }
        }
    }

    /// Shows a record that waits for room to the sink, and copies it if there is none.
    fn offer(&self, actor: &Actor<'_>, record_kind: RecordKind<'_>) -> Option<OwnedRecord> {
        let record = Record::new(&self.shared.stamp, actor, record_kind, None, &self.scope);
        if self.shared.show(&record.waiting_for_room(), &self.scope, actor, &record_kind, None) != Captured::NoRoom {
            return None;
        }
        let copy = catch_panic(|| record.to_owned());
        if copy.is_none() {
            let _counted = self.shared.refuse(DropReason::Panicked, &record_kind);
        }
        copy
    }

    /// Tracks an event and returns the future of what became of it. The event is captured before this returns, and is
    /// delivered in a batch with others: await many answers together, or flush.
    pub fn send<E: Event>(&self, actor: Actor<'_>, event: E) -> Acknowledged {
        EventBuilder::new(self, actor, event).send()
    }

    /// Begins an event of which more is to be said than its actor and itself.
    #[must_use = "nothing is tracked before `.track()`"]
    pub fn event<'a, E: Event>(&'a self, actor: Actor<'a>, event: E) -> EventBuilder<'a, E> {
        EventBuilder::new(self, actor, event)
    }

    /// A handle for one actor, to pass down: `by(actor).in_group("organization", id)`. For a spawned task it is
    /// `by(actor).into_owned()`.
    #[must_use]
    pub fn by<'a>(&'a self, actor: Actor<'a>) -> Tracker<'a> {
        Tracker::new(self, actor)
    }

    /// A handle for an actor who is found out while something of theirs runs: each event is of whom the actor is when
    /// it is tracked. It borrows nothing.
    #[must_use]
    pub fn by_late(&self, actor: &LateActor) -> Tracker<'static> {
        Tracker::late(self.clone(), actor.clone())
    }

    /// An id for an event that happens now, or at `at`.
    fn new_id(&self, at: Option<SystemTime>) -> EventId {
        let stamp = &self.shared.stamp;
        at.map_or_else(|| stamp.id(stamp.now_caught()), |at| stamp.id_at(at))
    }

    /// Begins to tell who a user is. Takes an id, not an [`Actor`]: nobody identifies a session.
    #[must_use = "nothing is tracked before `.track()`"]
    pub fn identify<'a>(&'a self, user_id: impl IntoDistinctId<'a>) -> IdentifyBuilder<'a> {
        IdentifyBuilder::new(self, user_id.into_distinct_id())
    }

    /// Begins to tell whose an anonymous id is: `alias(anonymous_id).to_user(user_id).track()`. Events under either are
    /// one person's from then on.
    ///
    /// For a session's events the id is [`DistinctId::session`](crate::DistinctId::session).
    #[must_use = "nothing is tracked before `.to_user(user_id).track()`"]
    pub fn alias<'a>(&'a self, anonymous_id: impl IntoDistinctId<'a>) -> AnonymousAlias<'a> {
        AnonymousAlias::new(self, anonymous_id.into_distinct_id())
    }

    /// Begins to tell what a group is: `group_identify("company", "acme").set(&traits).track()`.
    ///
    /// Some backends make a person of whoever tells it. Here nobody is named, and the group itself counts as that; with
    /// [`Tracker::group_identify`] it is an actor.
    #[must_use = "nothing is tracked before `.track()`"]
    pub fn group_identify<'a>(&'a self, kind: &'a str, id: impl IntoDistinctId<'a>) -> GroupIdentifyBuilder<'a> {
        GroupIdentifyBuilder::new(self, None, kind, id.into_distinct_id())
    }

    /// Shows a record to the sink with a receipt, and returns the future of its answer.
    fn capture_acknowledged(
        &self,
        actor: &Actor<'_>,
        record_kind: RecordKind<'_>,
        mut details: Details<'_>,
    ) -> Acknowledged {
        let id = details.id.unwrap_or_else(|| self.new_id(details.at));
        details.id = Some(id);
        let acknowledged = details.receipt.insert(Receipt::new()).acknowledged(id);
        let _record = self.capture(actor, record_kind, Some(&details));
        if let Some(receipt) = details.receipt.take() {
            receipt.release();
        }
        acknowledged
    }

    /// Shows a record to the sink, and returns it for its id.
    #[inline]
    fn capture<'a>(
        &'a self,
        actor: &'a Actor<'a>,
        record_kind: RecordKind<'a>,
        details: Option<&'a Details<'a>>,
    ) -> Record<'a> {
        let record = Record::new(&self.shared.stamp, actor, record_kind, details, &self.scope);
        // The sink has counted it, whatever it answers: the record does not wait for room.
        let captured = self.shared.show(&record, &self.scope, actor, &record_kind, details);
        if let Some(receipt) = details.and_then(|details| details.receipt.as_ref()) {
            settle(receipt, captured);
        }
        record
    }

    /// Waits until all that was tracked before is settled, at most for `grace`. Needs no runtime.
    pub async fn flush(&self, grace: Duration) -> Ledger {
        let mut ledger = self.shared.sink.flush(grace).await;
        self.shared.add_to(&mut ledger);
        self.shared.watchers.tell(&ledger);
        ledger
    }

    /// Delivers what is pending, for at most `grace`, closes the sink, and logs one line that tells what became of
    /// all events, a warning if some are lost. Needs no runtime; may be called again.
    pub async fn shutdown(&self, grace: Duration) -> Ledger {
        let mut ledger = self.shared.sink.shutdown(grace).await;
        self.shared.add_to(&mut ledger);
        self.shared.watchers.tell(&ledger);
        if !self.shared.receipt_told.swap(true, Ordering::Relaxed) {
            catch_panic(|| {
                if ledger.lost() == 0 {
                    tracing::info!(target: TARGET, "{ledger}");
                } else {
                    tracing::warn!(target: TARGET, "{ledger}");
                }
            });
        }
        ledger
    }

    /// As [`flush`](Self::flush), and blocks the thread meanwhile.
    #[must_use = "the ledger tells whether all arrived"]
    pub fn flush_blocking(&self, grace: Duration) -> Ledger {
        block_on(self.flush(grace))
    }

    /// As [`shutdown`](Self::shutdown), and blocks the thread meanwhile.
    #[allow(clippy::must_use_candidate, reason = "the receipt is logged as well")]
    pub fn shutdown_blocking(&self, grace: Duration) -> Ledger {
        block_on(self.shutdown(grace))
    }

    /// A guard that shuts down when it is dropped, and blocks the thread for at most `grace` then. It covers every
    /// early return of a `main`.
    #[must_use = "bind the guard to a name, `let _guard = …`: dropped at once, as by `let _ = …`, it shuts down at once"]
    pub fn shutdown_on_drop(&self, grace: Duration) -> ShutdownGuard {
        ShutdownGuard::new(self.clone(), grace)
    }

    /// What became of every event so far.
    #[must_use]
    pub fn ledger(&self) -> Ledger {
        self.shared.ledger()
    }

    /// Tells `function` what became of every event so far: now, each `interval`, before each flush and shutdown
    /// returns, and once more when the last clone of the handle is dropped. For metrics, whatever the sink.
    ///
    /// It is called on a thread of its own, on those that flush and shut down, and on the one that drops the handle; a
    /// panic of it is caught. It does not keep the handle alive.
    ///
    /// ```
    /// use std::sync::Arc;
    /// use std::sync::atomic::{AtomicU64, Ordering};
    /// use std::time::Duration;
    /// # use analytics_core::Analytics;
    ///
    /// fn count_losses(analytics: &Analytics) -> std::io::Result<Arc<AtomicU64>> {
    ///     let losses = Arc::<AtomicU64>::default();
    ///     let counted = Arc::clone(&losses);
    ///     analytics.watch(Duration::from_secs(5), move |ledger| counted.store(ledger.lost(), Ordering::Relaxed))?;
    ///     Ok(losses)
    /// }
    /// ```
    ///
    /// # Errors
    /// If no thread can be started. Flushes, shutdowns and the end tell `function` all the same.
    pub fn watch(&self, interval: Duration, function: impl Fn(&Ledger) + Send + Sync + 'static) -> io::Result<()> {
        let shared = Arc::downgrade(&self.shared);
        let ledger = move || shared.upgrade().map(|shared| shared.ledger());
        self.shared.watchers.add(Box::new(ledger), interval, Box::new(function))
    }

    /// Drops the events that wait, for `reason`: because consent was withdrawn ([`DropReason::Consent`]), say. What is
    /// on its way may still arrive. Returns the number of those that were dropped.
    #[allow(clippy::must_use_candidate, reason = "the ledger has the number, too")]
    pub fn purge(&self, reason: DropReason) -> u64 {
        self.shared.sink.purge(reason)
    }

    /// Whether an event that is tracked now may be kept. It is not where events go nowhere, as without a key, and once
    /// the sink is closed: what costs something to make for an event can be spared then. Events are tracked without
    /// asking; the ledger counts what becomes of them.
    #[must_use]
    pub fn is_enabled(&self) -> bool {
        self.shared.sink.health().is_enabled()
    }

    /// Tells whether something is said of this handle and its relatives for the first time: for a crate that logs it
    /// once.
    #[doc(hidden)]
    #[must_use]
    pub fn is_first(&self, key: &str) -> bool {
        self.shared.logged_keys.is_first(key)
    }

    /// How the sink is doing, for a health check; nothing a service does should depend on it. Cheap, and never blocks.
    #[must_use]
    pub fn health(&self) -> Health {
        self.shared.sink.health()
    }
}

/// Adds what a sink's answer says to what the sinks say that kept the record.
#[cold]
fn settle(receipt: &Receipt, captured: Captured) {
    if let Captured::Dropped(reason) = captured {
        receipt.clone().settle(Settlement::Dropped(reason));
    }
}

impl fmt::Debug for Analytics {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Analytics").field("sink", &self.shared.sink).finish_non_exhaustive()
    }
}
