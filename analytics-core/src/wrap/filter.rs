//! A sink that holds back events and properties.

use std::fmt;

use super::around::{around, count_panicked};
use crate::event::EventKind;
use crate::ledger::{Captured, DropReason, Drops};
use crate::property::Property;
use crate::record::{Action, PropertyFilter, Record};
use crate::sink::AnalyticsSink;
use crate::unwind::catch_panic;

type EventFilter = Box<dyn Fn(&Record<'_>) -> bool + Send + Sync>;

/// Holds back events, properties, or both, from the sink inside.
///
/// An event held back is counted [`DropReason::Filtered`], and [`DropReason::Panicked`] if the filter panics. A
/// property held back reaches the inner sink by no way: not as an event's property, not as a person's, not from a
/// scope.
///
/// ```
/// # use analytics_core::{AnalyticsSink, CopilotEvent, Filter};
/// # fn example(sink: impl AnalyticsSink) -> impl AnalyticsSink {
/// Filter::new(sink)
///     .without_events([CopilotEvent::MESSAGE_SENT])
///     .without_properties(["email", "phone"])
/// # }
/// ```
pub struct Filter<S> {
    inner: S,
    events: Vec<EventFilter>,
    properties: Vec<Box<dyn PropertyFilter>>,
    drops: Drops,
}

impl<S: AnalyticsSink> Filter<S> {
    /// A filter that holds nothing back yet.
    #[must_use]
    pub fn new(inner: S) -> Self {
        Self { inner, events: Vec::new(), properties: Vec::new(), drops: Drops::new() }
    }

    /// Keeps only records for which `keep` holds.
    #[must_use]
    pub fn keep_events(mut self, keep: impl Fn(&Record<'_>) -> bool + Send + Sync + 'static) -> Self {
        self.events.push(Box::new(keep));
        self
    }

    /// Holds back events of these kinds.
    #[must_use]
    pub fn without_events(self, kinds: impl IntoIterator<Item = EventKind>) -> Self {
        let names: Vec<_> = kinds.into_iter().map(EventKind::name).collect();
        self.keep_events(move |record| match record.action() {
            Action::Track { name, .. } => !names.contains(&name),
            _ => true,
        })
    }

    /// Keeps only properties for which `keep` holds.
    #[must_use]
    pub fn keep_properties(self, keep: impl Fn(&Property<'_>) -> bool + Send + Sync + 'static) -> Self {
        self.with_property_filter(keep)
    }

    /// Holds back properties with these keys, of events, persons and groups alike.
    #[must_use]
    pub fn without_properties<K: Into<String>>(self, keys: impl IntoIterator<Item = K>) -> Self {
        let keys: Vec<String> = keys.into_iter().map(Into::into).collect();
        self.keep_properties(move |property| !keys.iter().any(|key| key == property.key().name()))
    }

    /// Shows properties through `filter`.
    #[must_use]
    pub fn with_property_filter(mut self, filter: impl PropertyFilter + 'static) -> Self {
        self.properties.push(Box::new(filter));
        self
    }

    fn pass_on(&self, record: &Record<'_>, filters: &[Box<dyn PropertyFilter>]) -> Captured {
        match filters.split_first() {
            None => self.inner.capture(record),
            Some((filter, rest)) => self.pass_on(&record.filtered(filter.as_ref()), rest),
        }
    }
}

around!(Filter);

impl<S: AnalyticsSink> Filter<S> {
    /// What becomes of a record.
    fn pass(&self, record: &Record<'_>) -> Captured {
        match catch_panic(|| self.events.iter().all(|keep| keep(record))) {
            Some(true) => self.pass_on(record, &self.properties),
            Some(false) => self.drops.count(record.lane(), DropReason::Filtered),
            // A filter that cannot decide keeps nothing.
            None => count_panicked(&self.drops, record, "a filter"),
        }
    }
}

impl<S: fmt::Debug> fmt::Debug for Filter<S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Filter")
            .field("inner", &self.inner)
            .field("events", &self.events.len())
            .field("properties", &self.properties.len())
            .finish_non_exhaustive()
    }
}
