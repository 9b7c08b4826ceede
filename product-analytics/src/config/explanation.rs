//! What a configuration comes to, and why.

use std::fmt;

use crate::config::setting::{self, Naming};
use crate::config::settings::Backend;
use crate::config::unread::UnreadVariables;

/// What a configuration comes to: where events go, and why, or why nowhere.
///
/// It displays as the lines that a start logs. It never holds a key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Explanation {
    /// The backends that take events, in the order in which they were named.
    pub chosen: Vec<Chosen>,
    /// Why one that was named takes none, if so.
    pub no_events: Option<NoEventsReason>,
    /// The variables that begin like those that are read, and are not.
    pub unread: UnreadVariables,
    pub(crate) naming: Naming,
}

/// A backend that takes events.
///
/// It displays as what the start-up line says of it: `posthog at https://eu.i.posthog.com (region eu) with the key
/// phc_abcd…23`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Chosen {
    /// The backend: neither [`Backend::Auto`] nor [`Backend::Noop`].
    pub backend: Backend,
    /// Why: `auto: POSTHOG_API_KEY is set`, or that it was named.
    pub reason: String,
    /// Where it sends, if it sends.
    pub target: Option<Target>,
}

/// Where a backend sends, and with which key.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Target {
    /// The address: `https://eu.i.posthog.com`.
    pub host: String,
    /// Whose server that is: `us`, `eu`, `local` or `self-hosted`.
    pub region: String,
    /// The key's first characters and its last two, too little to use it.
    pub fingerprint: String,
    /// The variable or the field that the key came from; `None` for the stand-in that the inspector is sent.
    pub key_source: Option<&'static str>,
    /// What is unlike the keys that PostHog makes, if anything: `does not begin with phc_`.
    pub key_oddity: Option<&'static str>,
    /// The test process that this is, if that keeps the backend from starting.
    #[cfg(feature = "posthog")]
    pub test_process: Option<analytics_posthog::TestProcess>,
}

/// Why no events are sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum NoEventsReason {
    /// Analytics is switched off.
    Disabled,
    /// The backend is `noop`.
    Chosen,
    /// The backend is `auto` and there is no key.
    NoKey,
}

impl Explanation {
    /// Where events go: `events go to log (tracing, target analytics::events), and to inspector at …`; `None` if
    /// nowhere.
    #[must_use]
    pub fn destinations(&self) -> Option<String> {
        let chosen: Vec<_> = self.chosen.iter().map(ToString::to_string).collect();
        (!chosen.is_empty()).then(|| format!("events go to {}", chosen.join(", and to ")))
    }

    /// Why a backend that was named takes none, in words: `there is no project key, no events are sent to PostHog`.
    #[must_use]
    pub fn no_events_text(&self) -> Option<String> {
        self.no_events.map(|reason| reason.text(self.naming, self.unread.front_end_key()))
    }

    /// What to set so that events are sent, or seen, where the reason is that something is not set.
    #[must_use]
    pub fn no_events_fix(&self) -> Option<String> {
        self.no_events.filter(|reason| *reason == NoEventsReason::NoKey).map(|_| {
            let key = self.naming.assign(&setting::KEY, "phc_…");
            format!("set {key} to send them, {}", ways_to_see(self.naming))
        })
    }

    /// The lines that a start logs, in their order.
    pub(crate) fn lines(&self) -> impl Iterator<Item = String> {
        let no_events = self.no_events_text().map(|text| match self.no_events_fix() {
            Some(fix) => format!("{text}; {fix}"),
            None => text,
        });
        let unread = (!self.unread.is_empty()).then(|| self.unread.to_string());
        self.destinations().into_iter().chain(no_events).chain(unread)
    }
}

impl fmt::Display for Explanation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().collect::<Vec<_>>().join("\n"))
    }
}

impl fmt::Display for Chosen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let name = self.backend.as_str();
        match &self.target {
            Some(Target { host, region, fingerprint, .. }) => {
                write!(f, "{name} at {host} (region {region}) with the key {fingerprint}")?;
                // No error: projects of long ago have others.
                if fingerprint.starts_with("phc_") {
                    Ok(())
                } else {
                    f.write_str(", unlike PostHog's keys, which begin with phc_")
                }
            }
            #[cfg(feature = "log")]
            None if self.backend == Backend::Log => {
                write!(f, "{name} (tracing, target {})", crate::log::LogSink::TARGET)
            }
            None => f.write_str(name),
        }
    }
}

impl fmt::Display for NoEventsReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Disabled => "analytics is disabled",
            Self::Chosen => "the backend is noop",
            Self::NoKey => "there is no project key",
        })
    }
}

impl NoEventsReason {
    fn text(self, naming: Naming, front_end_key: Option<&str>) -> String {
        match (self, naming) {
            (Self::NoKey, _) => {
                let aside = front_end_key.map(|name| format!(" ({name} is a front-end's, and not read)"));
                format!("{self}, no events are sent to PostHog{}", aside.unwrap_or_default())
            }
            (Self::Chosen, _) => format!("{self}, no events are sent"),
            (Self::Disabled, Naming::Variables) => {
                "disabled by ANALYTICS_DISABLED or DO_NOT_TRACK, no events are sent".to_owned()
            }
            (Self::Disabled, Naming::Fields) => "disabled, no events are sent".to_owned(),
        }
    }
}

/// How to see events without a key, with the cargo feature where it takes one.
fn ways_to_see(naming: Naming) -> String {
    let way = |backend: Backend, with: &str| {
        let assign = naming.assign(&setting::BACKEND, backend.as_str());
        match backend.missing_feature() {
            None => format!("{assign}{with}"),
            Some(feature) => format!("{assign}{with} (cargo feature `{feature}`)"),
        }
    };
    let inspector = way(Backend::Inspector, " with `analytics-inspector` running");
    format!("{inspector} or {} to see them", way(Backend::Log, ""))
}
