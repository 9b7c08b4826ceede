//! Events that are made up at run time.

use std::fmt;

use super::{DescribedEvent, Event, EventDescription};
use crate::lane::Lane;
use crate::property::{OwnedProperty, OwnedValue, Properties, PropertyVisitor, Value};

/// An event whose name and keys are known only at run time: for bridges and migrations.
///
/// ```
/// use analytics_core::DynamicEvent;
///
/// let event = DynamicEvent::new("report_exported").with("format", "csv").with("rows", 1_204);
/// # let _ = event;
/// ```
#[derive(Clone, Debug)]
pub struct DynamicEvent {
    name: String,
    lane: Lane,
    properties: Vec<OwnedProperty>,
}

/// A JSON value was to become an event's properties and is not an object.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NotAnObject;

impl fmt::Display for NotAnObject {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event's properties must be a JSON object, such as {\"rows\": 3}")
    }
}

impl std::error::Error for NotAnObject {}

impl DynamicEvent {
    /// An event without properties. A name that no backend takes is refused when it is tracked.
    #[must_use]
    pub fn new(name: impl Into<String>) -> Self {
        Self { name: name.into(), lane: Lane::default(), properties: Vec::new() }
    }

    /// An event with the members of a JSON object as its properties.
    ///
    /// # Errors
    /// [`NotAnObject`] if `json` is anything else.
    pub fn from_json(name: impl Into<String>, json: &serde_json::Value) -> Result<Self, NotAnObject> {
        let members = json.as_object().ok_or(NotAnObject)?;
        let properties =
            members.iter().map(|(key, value)| OwnedProperty::new(key.as_str(), OwnedValue::from_json(value))).collect();
        Ok(Self { properties, ..Self::new(name) })
    }

    /// Sends the event through `lane`; by default it goes through that of ordinary events, whatever its name.
    #[must_use]
    pub fn in_lane(mut self, lane: Lane) -> Self {
        self.lane = lane;
        self
    }

    /// Adds a property, or replaces the one that has this key. A `None` is left out.
    #[must_use]
    pub fn with<'v>(mut self, key: &str, value: impl Into<Value<'v>>) -> Self {
        OwnedProperty::put(&mut self.properties, key, value.into());
        self
    }
}

impl Properties for DynamicEvent {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        self.properties.visit_properties(visitor);
    }
}

impl Event for DynamicEvent {
    fn name(&self) -> &str {
        &self.name
    }

    fn description(&self) -> Option<&'static EventDescription> {
        None
    }

    fn lane(&self) -> Lane {
        self.lane
    }
}

impl DescribedEvent for DynamicEvent {
    const EVENTS: &'static [EventDescription] = &[];
}
