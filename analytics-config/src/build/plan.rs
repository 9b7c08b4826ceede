//! What is to be started.

#[cfg(feature = "posthog")]
use analytics_posthog::PostHogConfig;

use super::choice::{Silence, choose};
#[cfg(feature = "posthog")]
use super::remote::Remote;
use crate::errors::Problems;
use crate::setting::Naming;
use crate::{AnalyticsConfig, Backend};

/// What is to be started.
pub(super) struct Plan {
    pub(super) destinations: Vec<Destination>,
    /// Why a backend that was named takes no events, if so.
    pub(super) silence: Option<Silence>,
}

/// One backend, ready to be started.
pub(super) enum Destination {
    #[cfg(feature = "log")]
    Log,
    #[cfg(feature = "posthog")]
    PostHog { backend: Backend, config: Box<PostHogConfig> },
}

/// Plans; what is wrong goes to `problems`, and the plan is good only if nothing is. What is set and not used is
/// checked all the same.
pub(super) fn plan(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) -> Plan {
    #[cfg(feature = "posthog")]
    let remote = Remote::read(config, naming, problems);
    let choice = choose(config, naming, problems);
    let destination = |backend: &Backend| match backend {
        #[cfg(feature = "log")]
        Backend::Log => Some(Destination::Log),
        #[cfg(feature = "posthog")]
        Backend::PostHog | Backend::Inspector => {
            let config = Box::new(remote.config(*backend)?);
            Some(Destination::PostHog { backend: *backend, config })
        }
        _ => None,
    };
    Plan { destinations: choice.backends.iter().filter_map(destination).collect(), silence: choice.silence }
}
