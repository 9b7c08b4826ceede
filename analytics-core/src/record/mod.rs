//! One fact on its way to a sink.

mod action;
mod caller;
mod details;
mod display;
mod filter;
mod owned;
mod scope;
mod stamp;
mod visit;

use std::time::SystemTime;

pub use self::action::{Action, PersonUpdate};
use self::caller::Caller;
pub(crate) use self::caller::RecordKind;
pub(crate) use self::details::Details;
pub use self::filter::PropertyFilter;
pub use self::owned::{OwnedAction, OwnedRecord};
pub use self::scope::ScopeBuilder;
pub(crate) use self::scope::{Room, Scope};
pub(crate) use self::stamp::Stamp;

use crate::actor::{Actor, DistinctId};
use crate::event::{Event, EventDescription, StandardEvent};
use crate::id::EventId;
use crate::lane::Lane;
use crate::ledger::Receipt;
use crate::unwind::catch_panic;

/// One fact on its way to a sink, borrowed from the caller's stack: what `log::Record` is to `log`.
///
/// Its values can be reached only through the `visit_*` methods, so that a filter cannot be walked around.
pub struct Record<'a> {
    source: Source<'a>,
    waits_for_room: bool,
}

enum Source<'a> {
    Caller(Caller<'a>),
    Owned(&'a OwnedRecord),
    /// The parent seen through a filter. The parent is kept by reference, so filters compose and the id and
    /// the time, which are made on first use, are made once for all sinks.
    Filtered {
        parent: &'a Record<'a>,
        filter: Option<&'a dyn PropertyFilter>,
    },
    /// The parent as a sample passes it on that keeps this share of the actors.
    Sampled {
        parent: &'a Record<'a>,
        rate: f64,
    },
    /// The parent with the properties, the person's updates and the groups of another.
    Mapped {
        parent: &'a Record<'a>,
        contents: &'a OwnedRecord,
    },
}

impl<'a> Record<'a> {
    pub(crate) fn new(
        stamp: &'a Stamp,
        actor: &'a Actor<'a>,
        record_kind: RecordKind<'a>,
        details: Option<&'a Details<'a>>,
        scope: &'a Scope,
    ) -> Self {
        let caller = Caller::new(stamp, actor, record_kind, details, scope);
        Self { source: Source::Caller(caller), waits_for_room: false }
    }

    /// The record's id: a UUID v7 seeded from its time, made on first use, then the same for every sink.
    #[must_use]
    pub fn id(&self) -> EventId {
        match &self.source {
            Source::Caller(caller) => caller.id(),
            Source::Owned(record) => record.id(),
            Source::Filtered { parent, .. } | Source::Sampled { parent, .. } | Source::Mapped { parent, .. } => {
                parent.id()
            }
        }
    }

    /// The record's id, whatever the host's clock does: one that panics costs the event, and not its caller.
    pub(crate) fn id_caught(&self) -> EventId {
        catch_panic(|| self.id()).unwrap_or_else(|| EventId::at(SystemTime::now()))
    }

    /// The time of what happened, taken on first use, then the same for every sink.
    #[must_use]
    pub fn at(&self) -> SystemTime {
        match &self.source {
            Source::Caller(caller) => caller.at(),
            Source::Owned(record) => record.at(),
            Source::Filtered { parent, .. } | Source::Sampled { parent, .. } | Source::Mapped { parent, .. } => {
                parent.at()
            }
        }
    }

    /// Who did it, or what it is told about.
    #[must_use]
    #[inline]
    pub fn actor(&self) -> Actor<'_> {
        match &self.source {
            Source::Caller(caller) => *caller.actor,
            Source::Owned(record) => record.actor(),
            Source::Filtered { parent, .. } | Source::Sampled { parent, .. } | Source::Mapped { parent, .. } => {
                parent.actor()
            }
        }
    }

    /// What is told, without any value.
    #[must_use]
    pub fn action(&self) -> Action<'_> {
        match &self.source {
            Source::Caller(caller) => caller.record_kind.action(),
            Source::Owned(record) => record.action().as_action(),
            Source::Filtered { parent, .. } | Source::Sampled { parent, .. } | Source::Mapped { parent, .. } => {
                parent.action()
            }
        }
    }

    /// The event's name; `None` if the record tells something else.
    ///
    /// ```
    /// use analytics_core::{AnalyticsSink, Filter};
    ///
    /// fn without_health_checks<S: AnalyticsSink>(sink: S) -> Filter<S> {
    ///     Filter::new(sink).keep_events(|record| record.name() != Some("health_checked"))
    /// }
    /// ```
    #[must_use]
    pub fn name(&self) -> Option<&str> {
        match self.action() {
            Action::Track { name, .. } => Some(name),
            _ => None,
        }
    }

    /// The group that it tells about, if it tells about one: the kind, as "company", and the id.
    #[must_use]
    #[inline]
    pub fn group(&self) -> Option<(&str, DistinctId<'_>)> {
        match &self.source {
            Source::Caller(Caller { record_kind: RecordKind::GroupIdentify { kind, id, .. }, .. }) => {
                Some((kind, **id))
            }
            Source::Caller(_) => None,
            Source::Owned(record) => record.action().group(),
            Source::Filtered { parent, .. } | Source::Sampled { parent, .. } | Source::Mapped { parent, .. } => {
                parent.group()
            }
        }
    }

    /// The path that the event takes. What is no event, and an event that panics when it is asked, take that of
    /// ordinary events.
    #[must_use]
    pub fn lane(&self) -> Lane {
        match &self.source {
            Source::Caller(caller) => caller.record_kind.lane(),
            Source::Owned(record) => record.lane(),
            Source::Filtered { parent, .. } | Source::Sampled { parent, .. } | Source::Mapped { parent, .. } => {
                parent.lane()
            }
        }
    }

    /// The event that backends know, if it is one. A backend spells its name and its keys in its server's words.
    #[must_use]
    pub fn standard_event(&self) -> Option<StandardEvent> {
        self.description().and_then(EventDescription::standard)
    }

    /// What is known about the event's type, where there is an event with a type.
    #[must_use]
    pub fn description(&self) -> Option<&'static EventDescription> {
        match &self.source {
            Source::Caller(Caller { record_kind: RecordKind::Track(event), .. }) => event.description(),
            Source::Caller(_) => None,
            Source::Owned(record) => match record.action() {
                OwnedAction::Track { description, .. } => *description,
                _ => None,
            },
            Source::Filtered { parent, .. } | Source::Sampled { parent, .. } | Source::Mapped { parent, .. } => {
                parent.description()
            }
        }
    }

    /// The share of the actors whose records are here, from 0 to 1: 0.1 if a [`Sample`](crate::Sample) keeps one in
    /// ten, so that each stands for ten. `None` if no sample was taken.
    ///
    /// Of several `Sample`s it is the smallest share, for they keep the same actors; of one that the service took
    /// itself ([`ScopeBuilder::sampling_rate`]) and a `Sample` it is the product.
    #[must_use]
    pub fn sampling_rate(&self) -> Option<f64> {
        let (of_service, of_samples) = self.sampling_rates();
        match (of_service, of_samples) {
            (Some(one), Some(other)) => Some(one * other),
            (one, other) => one.or(other),
        }
    }

    /// The service's own share, and that of the samples that it went through.
    fn sampling_rates(&self) -> (Option<f64>, Option<f64>) {
        match &self.source {
            Source::Caller(caller) => (caller.sampling_rate(), None),
            Source::Owned(record) => (record.sampling_rate(), None),
            Source::Filtered { parent, .. } | Source::Mapped { parent, .. } => parent.sampling_rates(),
            Source::Sampled { parent, rate } => {
                let (of_service, of_samples) = parent.sampling_rates();
                // Who is in the smaller of two samples is in the larger one as well.
                (of_service, Some(of_samples.map_or(*rate, |other| other.min(*rate))))
            }
        }
    }

    /// Whether the caller waits for room: a sink without room then answers
    /// [`Captured::NoRoom`](crate::Captured::NoRoom) and counts nothing.
    #[must_use]
    pub fn waits_for_room(&self) -> bool {
        self.waits_for_room
    }

    /// Whether somebody asked for word of what becomes of the record, so that it has a [receipt](Self::receipt).
    #[must_use]
    pub fn wants_receipt(&self) -> bool {
        match &self.source {
            Source::Caller(caller) => caller.details.is_some_and(|details| details.receipt.is_some()),
            Source::Owned(_) => false,
            Source::Filtered { parent, .. } | Source::Sampled { parent, .. } | Source::Mapped { parent, .. } => {
                parent.wants_receipt()
            }
        }
    }

    /// The duty to say what became of the record, where somebody asked for it. A sink takes it along with a record
    /// that it keeps. Each call makes a receipt of its own, which has to be settled.
    #[must_use = "a receipt that is dropped counts as unsettled"]
    pub fn receipt(&self) -> Option<Receipt> {
        match &self.source {
            Source::Caller(caller) => caller.details.and_then(|details| details.receipt.clone()),
            Source::Owned(_) => None,
            Source::Filtered { parent, .. } | Source::Sampled { parent, .. } | Source::Mapped { parent, .. } => {
                parent.receipt()
            }
        }
    }

    /// The same record, seen through `filter`: everything visited passes through it.
    #[must_use]
    pub fn filtered<'b>(&'b self, filter: &'b dyn PropertyFilter) -> Record<'b> {
        let source = Source::Filtered { parent: self, filter: Some(filter) };
        Record { source, waits_for_room: self.waits_for_room }
    }

    /// The same record, of a sample that keeps this share of the actors.
    pub(crate) fn sampled(&self, rate: f64) -> Record<'_> {
        Record { source: Source::Sampled { parent: self, rate }, waits_for_room: self.waits_for_room }
    }

    /// The same record with the properties, the person's updates and the groups of `contents`.
    pub(crate) fn with_contents_of<'b>(&'b self, contents: &'b OwnedRecord) -> Record<'b> {
        Record { source: Source::Mapped { parent: self, contents }, waits_for_room: self.waits_for_room }
    }

    /// The same record for a caller that waits for room.
    #[must_use]
    pub fn waiting_for_room(&self) -> Record<'_> {
        Record { source: Source::Filtered { parent: self, filter: None }, waits_for_room: true }
    }

    /// The same record for a caller that does not wait for room.
    #[must_use]
    pub fn without_waiting(&self) -> Record<'_> {
        Record { source: Source::Filtered { parent: self, filter: None }, waits_for_room: false }
    }

    /// Copies the record.
    #[must_use]
    pub fn to_owned(&self) -> OwnedRecord {
        OwnedRecord::copy(self)
    }

    fn of_owned(record: &'a OwnedRecord) -> Self {
        Self { source: Source::Owned(record), waits_for_room: false }
    }
}
