//! What is known about an event's type at compile time. Free unless it is read.

use std::fmt;

use super::StandardEvent;
use crate::lane::Lane;
use crate::property::{Key, PropertyDescription};

/// One kind of event: its name, its properties and how it is to be treated.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct EventDescription {
    name: &'static str,
    properties: &'static [PropertyDescription],
    doc: &'static str,
    lane: Lane,
    standard: Option<StandardEvent>,
    critical: bool,
}

impl EventDescription {
    /// Describes the event `name` with `properties` in the order in which they are visited.
    #[must_use]
    pub const fn new(name: &'static str, properties: &'static [PropertyDescription]) -> Self {
        Self { name, properties, doc: "", lane: Lane::Product, standard: None, critical: false }
    }

    /// Adds the type's or variant's documentation.
    #[must_use]
    pub const fn with_doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Sends the event through `lane`.
    #[must_use]
    pub const fn with_lane(mut self, lane: Lane) -> Self {
        self.lane = lane;
        self
    }

    /// Says that it is an event which backends know: each spells its name and its keys as its server wants them.
    #[must_use]
    pub const fn with_standard(mut self, standard: StandardEvent) -> Self {
        self.standard = Some(standard);
        self
    }

    /// Lets the event use the room that a full queue keeps for events that matter most.
    #[must_use]
    pub const fn critical(mut self) -> Self {
        self.critical = true;
        self
    }

    /// The event's name on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The event's properties in the order in which they are visited.
    #[must_use]
    pub const fn properties(&self) -> &'static [PropertyDescription] {
        self.properties
    }

    /// The documentation; empty where there is none.
    #[must_use]
    pub const fn doc(&self) -> &'static str {
        self.doc
    }

    /// The lane it takes.
    #[must_use]
    pub const fn lane(&self) -> Lane {
        self.lane
    }

    /// The event that backends know, if it is one.
    #[must_use]
    pub const fn standard(&self) -> Option<StandardEvent> {
        self.standard
    }

    /// Whether it may use the room kept for critical events.
    #[must_use]
    pub const fn is_critical(&self) -> bool {
        self.critical
    }

    /// Joins lists of descriptions into one; used by the derive for variants that wrap another event.
    ///
    /// # Panics
    /// At compile time only, if `N` is not the sum of the parts' lengths.
    #[doc(hidden)]
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "evaluated at compile time; iterators are not const")]
    pub const fn concat<const N: usize>(parts: &[&[Self]]) -> [Self; N] {
        let mut all = [Self::new("", &[]); N];
        let (mut filled, mut part) = (0, 0);
        while part < parts.len() {
            let mut index = 0;
            while index < parts[part].len() {
                all[filled] = parts[part][index];
                filled += 1;
                index += 1;
            }
            part += 1;
        }
        assert!(filled == N, "the parts must fill the list");
        all
    }
}

/// A handle on one kind of event, for filters and assertions: `CopilotEvent::TOOL_CALLED`.
///
/// Two kinds are equal if their names are.
#[derive(Clone, Copy)]
pub struct EventKind(&'static EventDescription);

impl EventKind {
    /// The kind that `description` describes.
    #[must_use]
    pub const fn new(description: &'static EventDescription) -> Self {
        Self(description)
    }

    /// The event's name on the wire.
    #[must_use]
    pub const fn name(self) -> &'static str {
        self.0.name
    }

    /// The event's keys in the order in which they are visited.
    #[must_use]
    pub fn keys(self) -> impl ExactSizeIterator<Item = &'static str> {
        self.0.properties.iter().map(PropertyDescription::name)
    }

    /// All that is known about the event's type.
    #[must_use]
    pub const fn description(self) -> &'static EventDescription {
        self.0
    }

    /// The key of the property at `index`, for derived code.
    ///
    /// # Panics
    /// If there is no such property; derived code calls it at compile time only.
    #[doc(hidden)]
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "derived code evaluates this at compile time")]
    pub const fn key(self, index: usize) -> Key<'static> {
        self.0.properties[index].key()
    }
}

impl PartialEq for EventKind {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for EventKind {}

impl fmt::Debug for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}

impl fmt::Display for EventKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name())
    }
}
