//! What is to be started.

#[cfg(feature = "posthog")]
use analytics_posthog::{Observers, PostHogConfig};

use super::choice::choose;
#[cfg(any(feature = "log", feature = "posthog"))]
use super::choice::key_source;
#[cfg(feature = "posthog")]
use super::compression;
#[cfg(feature = "posthog")]
use super::remote::Remote;
use super::texts;
use crate::config::errors::Problems;
#[cfg(any(feature = "log", feature = "posthog"))]
use crate::config::explanation::Target;
use crate::config::explanation::{Chosen, Explanation, NoEventsReason};
#[cfg(any(feature = "log", feature = "posthog"))]
use crate::config::setting;
use crate::config::setting::Naming;
use crate::config::settings::{AnalyticsConfig, Backend};
use crate::config::unread::UnreadVariables;

/// What is to be started.
pub(super) struct Plan {
    pub(super) destinations: Vec<Destination>,
    /// Why a backend that was named takes no events, if so.
    pub(super) no_events: Option<NoEventsReason>,
    /// What stood beside in the environment.
    pub(super) unread: UnreadVariables,
}

/// One backend, ready to be started.
pub(super) struct Destination {
    pub(super) chosen: Chosen,
    pub(super) sink: Planned,
}

/// What takes its events.
pub(super) enum Planned {
    #[cfg(feature = "log")]
    Log,
    #[cfg(feature = "posthog")]
    PostHog(Box<PostHogConfig>),
}

/// Plans; what is wrong goes to `problems`, and the plan is good only if nothing is. What is set and not used is
/// checked all the same.
pub(super) fn plan(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) -> Plan {
    #[cfg(feature = "posthog")]
    let remote = Remote::read(config, naming, problems);
    #[cfg(feature = "posthog")]
    compression::check(&config.posthog, naming, problems);
    texts::check(config, naming, problems);
    let choice = choose(config, naming, problems);
    let destination = |backend: &Backend| match backend {
        #[cfg(feature = "log")]
        Backend::Log => Some(Destination { chosen: chosen(config, Backend::Log, None, naming), sink: Planned::Log }),
        #[cfg(feature = "posthog")]
        Backend::PostHog | Backend::Inspector => {
            let planned = Box::new(remote.config(*backend)?);
            let target = remote.target(*backend, &planned, naming);
            let chosen = chosen(config, *backend, Some(target), naming);
            Some(Destination { chosen, sink: Planned::PostHog(planned) })
        }
        _ => None,
    };
    let destinations = choice.backends.iter().filter_map(destination).collect();
    Plan { destinations, no_events: choice.no_events, unread: config.unread.clone() }
}

impl Plan {
    /// Has every backend that sends tell `observers`.
    #[cfg(feature = "posthog")]
    pub(super) fn tell(&mut self, observers: &Observers) {
        for destination in &mut self.destinations {
            #[cfg_attr(not(feature = "log"), expect(irrefutable_let_patterns, reason = "there is no other kind"))]
            if let Planned::PostHog(posthog) = &mut destination.sink {
                posthog.observers = observers.clone();
            }
        }
    }

    pub(super) fn explanation(self, naming: Naming) -> Explanation {
        let chosen = self.destinations.into_iter().map(|destination| destination.chosen).collect();
        Explanation { chosen, no_events: self.no_events, unread: self.unread, naming }
    }
}

#[cfg(any(feature = "log", feature = "posthog"))]
fn chosen(config: &AnalyticsConfig, backend: Backend, target: Option<Target>, naming: Naming) -> Chosen {
    let reason = if config.backend.contains(&backend) {
        format!("{} names it", naming.name(&setting::BACKEND))
    } else {
        format!("auto: {} is set", key_source(config, naming))
    };
    Chosen { backend, reason, target }
}
