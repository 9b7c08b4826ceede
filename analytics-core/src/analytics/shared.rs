//! What all clones of a handle share.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};

use analytics_rules::display::OneLine;

use super::MAX_NAME_BYTES;
use super::exposures::Exposures;
use super::watch::Watchers;
use crate::actor::{Actor, DistinctId};
use crate::bytes::has_control;
use crate::ledger::{Captured, DropReason, Drops, Ledger};
use crate::log_target::TARGET;
use crate::once_per_key::OncePerKey;
use crate::record::{Details, Record, RecordKind, Scope, Stamp};
use crate::sink::AnalyticsSink;
use crate::unwind::catch_panic;

/// What all clones of a handle share.
#[derive(Debug)]
pub(super) struct Shared {
    pub(super) sink: Box<dyn AnalyticsSink>,
    pub(super) stamp: Stamp,
    drops: Drops,
    /// Updates of persons that were left out of events.
    refused_updates: AtomicU64,
    /// What was logged, and is not logged again: the keys of properties that were left out of a scope, above all.
    pub(super) logged_keys: OncePerKey,
    pub(super) exposures: Exposures,
    pub(super) receipt_told: AtomicBool,
    pub(super) watchers: Watchers,
}

impl Shared {
    pub(super) fn new(sink: Box<dyn AnalyticsSink>, stamp: Stamp) -> Self {
        Self {
            sink,
            stamp,
            drops: Drops::new(),
            refused_updates: AtomicU64::new(0),
            logged_keys: OncePerKey::new(),
            exposures: Exposures::default(),
            receipt_told: AtomicBool::new(false),
            watchers: Watchers::default(),
        }
    }

    pub(super) fn ledger(&self) -> Ledger {
        let mut ledger = self.sink.ledger();
        self.add_to(&mut ledger);
        ledger
    }

    /// Adds to the sink's ledger what was dropped and left out before the sink saw it.
    pub(super) fn add_to(&self, ledger: &mut Ledger) {
        self.drops.add_to(ledger);
        ledger.add_properties_dropped(self.refused_updates.load(Ordering::Relaxed));
    }

    /// Shows a record to the sink, unless no backend takes it.
    #[inline]
    pub(super) fn show(
        &self,
        record: &Record<'_>,
        scope: &Scope,
        actor: &Actor<'_>,
        record_kind: &RecordKind<'_>,
        details: Option<&Details<'_>>,
    ) -> Captured {
        let refusal = catch_panic(|| refusal(actor, record_kind)).unwrap_or(Some(DropReason::Panicked));
        if let Some(reason) = refusal.or_else(|| scope.has_panicked().then_some(DropReason::Panicked)) {
            return self.refuse(reason, record_kind);
        }
        if !matches!(record_kind, RecordKind::Track(_)) {
            return self.capture(record);
        }
        if let Some(kind) = scope.missing_group(details) {
            return self.refuse_without_group(kind, record_kind);
        }
        // The record does not show them: see `Caller::visit_person`.
        if actor.is_claimed()
            && let Some(updates) = details.map(Details::person_updates).filter(|updates| *updates > 0)
        {
            self.count_refused_updates(updates, record_kind);
        }
        self.capture(record)
    }

    #[cold]
    fn count_refused_updates(&self, updates: usize, record_kind: &RecordKind<'_>) {
        if self.refused_updates.fetch_add(updates as u64, Ordering::Relaxed) > 0 {
            return;
        }
        catch_panic(|| {
            let event = catch_panic(|| shown_name(record_kind)).unwrap_or_default();
            tracing::warn!(
                target: TARGET, ?event,
                "an update of a person was left out of an event: the actor is a client's claim that nobody has \
                 verified; later ones are counted only"
            );
        });
    }

    /// Shows a record to the sink, which must not panic. With debug assertions one that does is seen by the caller: it
    /// may be a mock.
    #[inline]
    pub(super) fn capture(&self, record: &Record<'_>) -> Captured {
        if cfg!(debug_assertions) {
            return self.sink.capture(record);
        }
        catch_panic(|| self.sink.capture(record)).unwrap_or_else(|| self.count_sink_panicked(record))
    }

    /// A sink that panics has counted nothing.
    #[cold]
    fn count_sink_panicked(&self, record: &Record<'_>) -> Captured {
        if self.drops.count_first(record.lane(), DropReason::Panicked) {
            catch_panic(|| {
                tracing::error!(target: TARGET, "the sink panicked; later events of which it does are counted only");
            });
        }
        Captured::Dropped(DropReason::Panicked)
    }

    #[cold]
    fn refuse_without_group(&self, kind: &str, record_kind: &RecordKind<'_>) -> Captured {
        let reason = DropReason::MissingGroup;
        if self.drops.count_first(record_kind.lane(), reason) {
            catch_panic(|| {
                let event = catch_panic(|| shown_name(record_kind)).unwrap_or_default();
                tracing::warn!(
                    target: TARGET, ?event, %reason, group = ?kind,
                    "an event was refused: its handle requires a group, and `in_group` names none of that kind; later \
                     ones are counted only"
                );
            });
        }
        Captured::Dropped(reason)
    }

    #[cold]
    pub(super) fn refuse(&self, reason: DropReason, record_kind: &RecordKind<'_>) -> Captured {
        if self.drops.count_first(record_kind.lane(), reason) {
            // Neither the event's name nor a subscriber of the host's is to be trusted.
            catch_panic(|| {
                let event = catch_panic(|| shown_name(record_kind)).unwrap_or_default();
                tracing::warn!(target: TARGET, ?event, %reason, "an event was refused; later ones are counted only");
            });
        }
        Captured::Dropped(reason)
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        self.watchers.end(|| self.ledger());
    }
}

/// What a log may tell of a record: its name, no values.
fn shown_name(record_kind: &RecordKind<'_>) -> String {
    OneLine::new(&record_kind.action().name()).at_most(MAX_NAME_BYTES).to_string()
}

/// Why a record is refused before any sink sees it: what is wrong for every backend.
#[inline]
fn refusal(actor: &Actor<'_>, record_kind: &RecordKind<'_>) -> Option<DropReason> {
    if !actor.id().is_valid() {
        return Some(DropReason::InvalidActor);
    }
    let name_is_valid = |name: &str| !name.is_empty() && name.len() <= MAX_NAME_BYTES && !has_control(name.as_bytes());
    match record_kind {
        RecordKind::Track(event) if !name_is_valid(event.name()) => Some(DropReason::InvalidName),
        RecordKind::Identify { anonymous, .. } if is_claimed(actor, *anonymous) => Some(DropReason::UnverifiedActor),
        RecordKind::Alias { anonymous } if is_claimed(actor, Some(anonymous)) => Some(DropReason::UnverifiedActor),
        RecordKind::GroupIdentify { kind, .. } if !name_is_valid(kind) => Some(DropReason::InvalidName),
        RecordKind::GroupIdentify { id, .. } if !id.is_valid() => Some(DropReason::InvalidActor),
        RecordKind::Identify { anonymous: Some(id), .. } if !id.is_valid() => Some(DropReason::InvalidActor),
        RecordKind::Alias { anonymous } if !anonymous.is_valid() => Some(DropReason::InvalidActor),
        _ => None,
    }
}

/// Whether a person is to be changed under an id, or to be joined with one, that a client claims.
fn is_claimed(actor: &Actor<'_>, anonymous: Option<&DistinctId<'_>>) -> bool {
    actor.is_claimed() || anonymous.is_some_and(DistinctId::is_claimed)
}
