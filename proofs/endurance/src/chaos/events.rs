//! Events at random, and what their producer knows of each.

use std::collections::HashSet;
use std::time::Duration;

use analytics_core::{
    Acknowledged, Actor, Analytics, DynamicEvent, Event, EventDescription, EventId, Properties, PropertyVisitor,
    block_on, timeout,
};
use fastrand::Rng;

use super::panic_as_planned;

/// What a producer knows of what it tracked.
#[derive(Default)]
pub(super) struct Tracked {
    /// All that has to be counted.
    pub(super) events: u64,
    /// Those that the sink was shown: each is delivered, or told as dropped.
    pub(super) shown: HashSet<EventId>,
    /// Those that may not arrive, whatever happens.
    pub(super) never: HashSet<EventId>,
    /// Those that waited for room, whose ids nobody knows.
    pub(super) unnamed: u64,
    pub(super) receipts: Vec<(EventId, Acknowledged)>,
}

/// The name of an event that the filter holds back, and of one on which it panics.
pub(super) const HELD_BACK: &str = "held_back";
pub(super) const FILTER_PANICS: &str = "filter_panics";

/// An event whose property panics.
struct Panicking;

impl Event for Panicking {
    fn name(&self) -> &'static str {
        "panicking"
    }

    fn description(&self) -> Option<&'static EventDescription> {
        None
    }
}

impl Properties for Panicking {
    fn visit_properties(&self, _visitor: &mut dyn PropertyVisitor) {
        panic_as_planned()
    }
}

impl Tracked {
    pub(super) fn add(&mut self, other: Self) {
        self.events += other.events;
        self.shown.extend(other.shown);
        self.never.extend(other.never);
        self.unnamed += other.unnamed;
        self.receipts.extend(other.receipts);
    }

    pub(super) fn track(&mut self, analytics: &Analytics, rng: &mut Rng) {
        let user = format!("u{}", rng.u8(0..8));
        let actor = if rng.bool() { Actor::user(&user) } else { Actor::session(&user) };
        let number = self.events;
        let plain = || DynamicEvent::new("plain").with("n", number);
        self.events += 1;
        match rng.u8(0..24) {
            0 => drop(self.never.insert(analytics.event(Actor::user(" "), plain()).track())),
            1 => drop(self.never.insert(analytics.event(actor, DynamicEvent::new(HELD_BACK)).track())),
            2 => drop(self.never.insert(analytics.event(actor, DynamicEvent::new(FILTER_PANICS)).track())),
            3 => {
                let id = analytics.event(actor, Panicking).track();
                self.never.insert(id);
                self.shown.insert(id);
            }
            4 => {
                let id = analytics
                    .event(actor, DynamicEvent::new("large").with("text", "x".repeat(950_000).as_str()))
                    .track();
                self.never.insert(id);
                self.shown.insert(id);
            }
            5..=7 => {
                let text = "x".repeat(rng.usize(500..6_000));
                self.shown.insert(analytics.event(actor, plain().with("text", text.as_str())).track());
            }
            8..=11 => {
                let id = EventId::at(std::time::SystemTime::now());
                self.shown.insert(id);
                self.receipts.push((id, analytics.event(actor, plain()).id(id).send()));
            }
            12 | 13 => {
                let patience = Duration::from_millis(rng.u64(0..5));
                let tracked = block_on(timeout(patience, analytics.track_when_room(actor, plain())));
                // One that was given up is not counted.
                let (counted, given_up) = if tracked.is_some() { (1, 0) } else { (0, 1) };
                self.unnamed += counted;
                self.events -= given_up;
            }
            14 => drop(self.shown.insert(analytics.identify(user.as_str()).set(&plain()).track())),
            15 => drop(self.shown.insert(analytics.alias(format!("a-{user}").as_str()).to_user(user.as_str()).track())),
            16 => drop(self.shown.insert(analytics.event(actor, plain().with("ratio", f64::NAN)).track())),
            _ => drop(self.shown.insert(analytics.event(actor, plain()).track())),
        }
    }
}
