//! Code of the host's that panics, with payloads that panic when they are dropped.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::task::Wake;
use std::time::SystemTime;

use analytics_core::{
    Clock, Event, EventDescription, Json, Key, Properties, Property, PropertyFilter, PropertyVisitor, Value,
};
use serde::{Serialize, Serializer};

/// What a name has in it at which [`calm`] panics.
pub(super) const MARKED: &str = "marked";

/// Panics with what panics again.
#[expect(clippy::panic, reason = "the fault")]
pub(super) fn burst() -> ! {
    std::panic::panic_any(Spiteful)
}

struct Spiteful;

impl Drop for Spiteful {
    fn drop(&mut self) {
        assert!(std::thread::panicking(), "a payload panics");
    }
}

/// An event that panics in one place.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum At {
    Name,
    Description,
    Properties,
    Serialize,
    Display,
}

impl Properties for At {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        let key = Key::new("k");
        match self {
            Self::Properties => burst(),
            Self::Serialize => visitor.value(&key, Value::Json(&Json(Bursting))),
            Self::Display => visitor.value(&key, Value::Display(&Bursting)),
            Self::Name | Self::Description => visitor.value(&key, Value::U64(1)),
        }
    }
}

impl Event for At {
    fn name(&self) -> &'static str {
        if *self == Self::Name {
            burst()
        }
        "bursting"
    }

    fn description(&self) -> Option<&'static EventDescription> {
        if *self == Self::Description {
            burst()
        }
        None
    }
}

pub(super) struct Bursting;

impl Serialize for Bursting {
    fn serialize<S: Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
        burst()
    }
}

impl fmt::Display for Bursting {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        burst()
    }
}

#[derive(Debug)]
pub(super) struct Broken;

impl Clock for Broken {
    fn now(&self) -> SystemTime {
        burst()
    }
}

pub(super) fn calm(name: &str) -> bool {
    if name.contains(MARKED) {
        burst()
    }
    true
}

pub(super) struct Rude;

impl PropertyFilter for Rude {
    fn filter(&self, property: &Property<'_>, visitor: &mut dyn PropertyVisitor) {
        calm(property.key().name());
        visitor.visit(property);
    }
}

/// Panics when it is woken.
pub(super) struct RudeWaker(pub(super) Arc<AtomicU64>);

impl Wake for RudeWaker {
    fn wake(self: Arc<Self>) {
        self.0.fetch_add(1, Ordering::Relaxed);
        burst()
    }
}
