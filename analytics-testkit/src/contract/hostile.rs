//! Events whose properties do what they should not.

use std::cell::RefCell;
use std::fmt;

use analytics_core::{
    Actor, Analytics, Event, EventDescription, Json, Key, Properties, PropertyValue, PropertyVisitor, Value,
};
use serde_json::json;

/// The key of the property that misbehaves.
pub(super) const KEY: &str = "hostile";

/// An event with one property that misbehaves.
pub(super) struct Hostile {
    pub(super) does: &'static str,
    show: fn(&Key<'_>, &mut dyn PropertyVisitor),
}

/// All ways to misbehave.
pub(super) fn all() -> Vec<Hostile> {
    let hostile = |does, show| Hostile { does, show };
    vec![
        hostile("panics while it is visited", |_, _| boom()),
        hostile("has a `Display` that panics", |key, visitor| visitor.value(key, Value::Display(&Panics))),
        hostile("has a `Display` that fails", |key, visitor| visitor.value(key, Value::Display(&Fails))),
        hostile("is nested very deep", |key, visitor| {
            let deep = (0..200).fold(json!(1), |inner, _| json!([inner]));
            visitor.property(key, &Json(deep));
        }),
        hostile("is not a number", |key, visitor| visitor.property(key, &f64::NAN)),
        hostile("is very large", |key, visitor| visitor.property(key, &"x".repeat(4 << 20))),
        hostile("stands there twice", |key, visitor| {
            visitor.property(key, &1);
            visitor.property(key, &2);
        }),
    ]
}

#[expect(clippy::panic, reason = "it is what a sink has to survive")]
fn boom() {
    panic!("a property panics, as the sink contract's suite wants it to");
}

struct Panics;

impl fmt::Display for Panics {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        boom();
        Ok(())
    }
}

struct Fails;

impl fmt::Display for Fails {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        Err(fmt::Error)
    }
}

impl Properties for Hostile {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        visitor.property(&Key::new("harmless"), &1);
        (self.show)(&Key::new(KEY), visitor);
    }
}

impl Event for Hostile {
    fn name(&self) -> &'static str {
        "contract_hostile"
    }

    fn description(&self) -> Option<&'static EventDescription> {
        None
    }
}

/// An event that tracks another one while it is read.
pub(super) struct Recursive<'a> {
    analytics: RefCell<Option<&'a Analytics>>,
}

impl<'a> Recursive<'a> {
    pub(super) fn new(analytics: &'a Analytics) -> Self {
        Self { analytics: RefCell::new(Some(analytics)) }
    }
}

impl Properties for Recursive<'_> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        // The first time only: a sink may read a record more than once.
        let analytics = self.analytics.borrow_mut().take();
        if let Some(analytics) = analytics {
            analytics.track(Actor::user("inside"), Plain);
        }
        visitor.property(&Key::new("outer"), &true.value().is_some());
    }
}

impl Event for Recursive<'_> {
    fn name(&self) -> &'static str {
        "contract_recursive"
    }

    fn description(&self) -> Option<&'static EventDescription> {
        None
    }
}

/// An event without properties.
pub(super) struct Plain;

impl Properties for Plain {
    fn visit_properties(&self, _visitor: &mut dyn PropertyVisitor) {}
}

impl Event for Plain {
    fn name(&self) -> &'static str {
        "contract_plain"
    }

    fn description(&self) -> Option<&'static EventDescription> {
        None
    }
}
