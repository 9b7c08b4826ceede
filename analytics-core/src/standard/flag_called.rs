//! A feature flag that decided something.

use analytics_derive::Properties;

use crate::context::FlagValue;
use crate::event::{DescribedEvent, Event, EventDescription, EventKind, StandardEvent};
use crate::property::DescribedProperties;

/// A feature flag decided what somebody saw: the exposure that an experiment counts. Tracked by
/// [`Tracker::flag_called`](crate::Tracker::flag_called), which tells each once.
#[derive(Clone, Copy, Debug, Properties)]
pub struct FlagCalled<'a> {
    /// The flag's key.
    #[event(rename = "feature_flag")]
    flag: &'a str,
    /// What it was for the actor.
    #[event(rename = "feature_flag_response")]
    response: &'a FlagValue,
}

impl<'a> FlagCalled<'a> {
    /// What is known about the event.
    pub const EVENT: EventKind = EventKind::new(&Self::DESCRIPTION);

    const DESCRIPTION: EventDescription =
        EventDescription::new("flag_called", <FlagCalled<'static> as DescribedProperties>::PROPERTIES)
            .with_doc("A feature flag decided what somebody saw.")
            .with_standard(StandardEvent::FlagCalled);

    pub(crate) const fn new(flag: &'a str, response: &'a FlagValue) -> Self {
        Self { flag, response }
    }
}

impl Event for FlagCalled<'_> {
    fn name(&self) -> &str {
        Self::EVENT.name()
    }

    fn description(&self) -> Option<&'static EventDescription> {
        Some(Self::EVENT.description())
    }
}

impl DescribedEvent for FlagCalled<'_> {
    const EVENTS: &'static [EventDescription] = &[Self::DESCRIPTION];
}
