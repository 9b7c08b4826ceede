//! A sink that is one of several, by the record's group.

use std::collections::HashMap;
use std::time::Duration;

use async_trait::async_trait;

use super::around::count_panicked;
use super::branches::{self, Branch, Branches};
use crate::actor::{DistinctId, IntoDistinctId};
use crate::lane::Lane;
use crate::ledger::{Captured, DropReason, Ledger};
use crate::log_target::TARGET;
use crate::property::{Property, PropertyVisitor, Value};
use crate::record::Record;
use crate::sink::{AnalyticsSink, Health};
use crate::timeout::{first_of, timeout};
use crate::unwind::catch_panic;

/// After this time a record that waits for room is offered again, though no sink that is known to be full has said
/// that it has room: of two that wait, one may have been told what the other waits for.
const OFFER_AGAIN: Duration = Duration::from_millis(100);

/// Gives each record to one sink, by the group in which it happened: a project for each tenant, say.
///
/// ```
/// # use analytics_core::{Actor, Analytics, AnalyticsSink, CopilotEvent, Router};
/// # fn example(acme: impl AnalyticsSink, globex: impl AnalyticsSink, shared: impl AnalyticsSink) {
/// let by_tenant = Router::by_group("organization").with("acme", acme).with("globex", globex).otherwise(shared);
/// let analytics = Analytics::new(by_tenant);
///
/// let opened = CopilotEvent::MessageSent { session_id: "s1", message_length: 5 };
/// analytics.in_group("organization", "globex").track(Actor::user("u1"), opened);
/// # }
/// ```
///
/// All that is told counts: events, and what is told of users, by the groups of their handle; and what is told of a
/// group of that kind, by its own id. What is told of a group of another kind has no group, and goes to
/// [`otherwise`](Self::otherwise), with the records that happen in no group of the kind and those of groups without a
/// sink of their own. Where there is none, such a record is dropped: [`DropReason::MissingGroup`] of no group, and
/// [`DropReason::UnknownGroup`] of one that has no sink. Both are losses. What lies above sees all records: a
/// [`Filter`](crate::Filter) around the router that hides the group hides it from the router.
///
/// The ledger is the sum over the sinks; [`ledgers`](Self::ledgers) tells them apart. A sink that panics, stalls or is
/// full does not hurt the others. With debug assertions a panic in a sink is resumed, as in [`Fanout`](crate::Fanout).
#[derive(Debug)]
pub struct Router {
    kind: Box<str>,
    branches: Branches,
    /// Where each group's sink is among the branches.
    groups: HashMap<Box<str>, usize>,
    otherwise: Option<usize>,
}

impl Router {
    /// A router by the group of this kind, to no sink yet.
    #[must_use]
    pub fn by_group(kind: impl Into<String>) -> Self {
        Self { kind: kind.into().into(), branches: Branches::default(), groups: HashMap::new(), otherwise: None }
    }

    /// Gives records of the group `id` to `sink`, which [`ledgers`](Self::ledgers) will call by that id. Of two sinks
    /// for one group the later one has the records.
    #[must_use]
    pub fn with<'a>(mut self, id: impl IntoDistinctId<'a>, sink: impl AnalyticsSink) -> Self {
        let name = id.into_distinct_id().to_string();
        self.groups.insert(name.as_str().into(), self.branches.all().len());
        self.branches.push(name, sink);
        self
    }

    /// Gives records of all other groups, and of none, to `sink`, which [`ledgers`](Self::ledgers) will call
    /// `otherwise`.
    #[must_use]
    pub fn otherwise(mut self, sink: impl AnalyticsSink) -> Self {
        self.otherwise = Some(self.branches.all().len());
        self.branches.push("otherwise".to_owned(), sink);
        self
    }

    /// Every sink's own ledger, by the group's id, in the order in which they were added.
    #[must_use]
    pub fn ledgers(&self) -> Vec<(&str, Ledger)> {
        self.branches.ledgers()
    }

    /// The sink for a record, or why there is none. It runs whatever filters above do with groups.
    fn branch(&self, record: &Record<'_>) -> Result<&Branch, DropReason> {
        let mut group = Group { router: self, place: None, reason: DropReason::MissingGroup };
        match record.group() {
            Some((kind, id)) => group.visit_id(kind, id.value()),
            None => record.visit_groups(&mut group),
        }
        let place = group.place.or(self.otherwise).and_then(|place| self.branches.all().get(place));
        place.ok_or(group.reason)
    }

    #[cold]
    fn drop_without_sink(&self, lane: Lane, reason: DropReason) -> Captured {
        let drops = self.branches.drops();
        if self.branches.is_closed() {
            return drops.count(lane, DropReason::Closed);
        }
        if self.branches.all().is_empty() {
            return drops.count(lane, DropReason::Disabled);
        }
        if drops.count_first(lane, reason) {
            catch_panic(|| {
                tracing::warn!(
                    target: TARGET, group = ?self.kind, %reason,
                    "an event was dropped: a router has no sink for its group, and none for all others; later ones are \
                     counted only"
                );
            });
        }
        Captured::Dropped(reason)
    }
}

/// Finds a record's group among those of a router.
struct Group<'r> {
    router: &'r Router,
    place: Option<usize>,
    reason: DropReason,
}

impl Group<'_> {
    fn visit_id(&mut self, kind: &str, id: Value<'_>) {
        if kind != &*self.router.kind {
            return;
        }
        match id {
            Value::Str(id) => self.find(id),
            Value::Display(id) => self.find(&id.to_string()),
            Value::U64(id) => self.find(&id.to_string()),
            Value::I64(id) => self.find(&id.to_string()),
            _ => {}
        }
    }

    fn find(&mut self, id: &str) {
        self.place = self.router.groups.get(id).copied();
        // A group whose id nobody takes is none.
        if self.place.is_none() && DistinctId::from(id).is_valid() {
            self.reason = DropReason::UnknownGroup;
        }
    }
}

impl PropertyVisitor for Group<'_> {
    fn visit(&mut self, property: &Property<'_>) {
        self.visit_id(property.key().name(), property.value());
    }
}

#[async_trait]
#[deny(clippy::missing_trait_methods)]
impl AnalyticsSink for Router {
    fn capture(&self, record: &Record<'_>) -> Captured {
        let branch = match catch_panic(|| self.branch(record)) {
            Some(Ok(branch)) => branch,
            Some(Err(reason)) => return self.drop_without_sink(record.lane(), reason),
            None => return count_panicked(self.branches.drops(), record, "what reads a record's group"),
        };
        let (captured, panic) = branch.capture(record);
        branches::answer(captured, panic)
    }

    /// Waits for one of the sinks that had no room for a record that waits; which of them is the caller's is not known
    /// here. So the caller may find that its own has none yet, and waits again.
    async fn room(&self, lane: Lane) {
        let full: Vec<_> = self.branches.all().iter().filter(|branch| branch.refuses()).collect();
        if full.is_empty() {
            return;
        }
        let rooms = full.iter().map(|branch| Box::pin(branch.room_caught(lane)) as _).collect();
        let first = timeout(OFFER_AGAIN, first_of(rooms)).await;
        if let Some(branch) = first.and_then(|first| full.get(first)) {
            branch.has_room();
        }
    }

    async fn flush(&self, grace: Duration) -> Ledger {
        self.branches.flush(grace).await
    }

    async fn shutdown(&self, grace: Duration) -> Ledger {
        self.branches.shutdown(grace).await
    }

    fn ledger(&self) -> Ledger {
        self.branches.ledger()
    }

    fn purge(&self, reason: DropReason) -> u64 {
        self.branches.purge(reason)
    }

    /// The worst of its sinks, as [`Fanout`](crate::Fanout) tells it.
    fn health(&self) -> Health {
        self.branches.health()
    }
}
