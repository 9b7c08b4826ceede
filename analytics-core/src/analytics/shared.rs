//! What all clones of a handle share.

use std::sync::atomic::AtomicBool;

use analytics_rules::display::OneLine;

use super::MAX_NAME_BYTES;
use super::watch::Watchers;
use crate::actor::Actor;
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
    pub(super) drops: Drops,
    /// The keys of properties that were left out of a scope and told of.
    pub(super) left_out_keys: OncePerKey,
    pub(super) receipt_told: AtomicBool,
    pub(super) watchers: Watchers,
}

impl Shared {
    pub(super) fn new(sink: Box<dyn AnalyticsSink>, stamp: Stamp) -> Self {
        Self {
            sink,
            stamp,
            drops: Drops::new(),
            left_out_keys: OncePerKey::new(),
            receipt_told: AtomicBool::new(false),
            watchers: Watchers::default(),
        }
    }

    pub(super) fn ledger(&self) -> Ledger {
        self.drops.added_to(self.sink.ledger())
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
        match record_kind {
            RecordKind::Track(_) => match scope.missing_group(details) {
                None => self.capture(record),
                Some(kind) => self.refuse_without_group(kind, record_kind),
            },
            _ => self.capture(record),
        }
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
        RecordKind::GroupIdentify { kind, .. } if !name_is_valid(kind) => Some(DropReason::InvalidName),
        RecordKind::GroupIdentify { id, .. } if !id.is_valid() => Some(DropReason::InvalidActor),
        RecordKind::Identify { anonymous: Some(id), .. } if !id.is_valid() => Some(DropReason::InvalidActor),
        RecordKind::Alias { anonymous } if !anonymous.is_valid() => Some(DropReason::InvalidActor),
        _ => None,
    }
}
