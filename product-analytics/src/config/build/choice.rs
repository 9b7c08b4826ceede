//! Which backends a configuration chooses. Decides, and starts nothing.

use crate::config::errors::Problems;
use crate::config::explanation::NoEventsReason;
use crate::config::setting::{self, KEY_VARIABLES, Naming};
use crate::config::settings::{AnalyticsConfig, Backend, ProjectKey};

/// Which backends are to be started.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Choice {
    /// Backends that take events: neither `auto` nor `noop`.
    pub(super) backends: Vec<Backend>,
    /// Why one that was named takes none, if so.
    pub(super) no_events: Option<NoEventsReason>,
}

/// Chooses; what is wrong goes to `problems`.
pub(super) fn choose(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) -> Choice {
    if !problems.concern(naming.name(&setting::BACKEND)) {
        check_list(&config.backend, naming, problems);
    }
    let has_key = config.posthog.key.as_ref().is_some_and(|key| !ProjectKey::is_blank(key))
        || config.posthog.named_key_file().is_some()
        || KEY_VARIABLES.iter().chain([&setting::KEY_FILE.variable]).any(|variable| problems.concern(variable));
    let mut choice = Choice { backends: Vec::new(), no_events: None };
    for backend in &config.backend {
        match backend {
            Backend::Noop => choice.no_events = Some(NoEventsReason::Chosen),
            Backend::Auto if !has_key => choice.no_events = Some(NoEventsReason::NoKey),
            Backend::Auto => choice.backends.push(Backend::PostHog),
            other => choice.backends.push(*other),
        }
    }
    check_features(config, &choice.backends, naming, problems);
    if config.disabled {
        choice = Choice { backends: Vec::new(), no_events: Some(NoEventsReason::Disabled) };
    }
    check_key(&choice.backends, has_key, naming, problems);
    check_required(config, &choice, naming, problems);
    choice
}

fn check_list(backends: &[Backend], naming: Naming, problems: &mut Problems) {
    let name = naming.name(&setting::BACKEND);
    if backends.is_empty() {
        problems.add(name, "no backend is named", "name one, or noop");
    }
    if backends.contains(&Backend::Noop) && backends.len() > 1 {
        problems.add(name, "noop is listed beside others", "keep noop or the others");
    }
    let sender = |backend: &Backend| if *backend == Backend::Auto { Backend::PostHog } else { *backend };
    let senders: Vec<_> = backends.iter().map(sender).collect();
    for (index, backend) in senders.iter().enumerate() {
        if senders.iter().position(|other| other == backend) != Some(index) {
            let twice = backends.get(index).map_or("", |backend| backend.as_str());
            let problem = format!("{twice} would send events a second time");
            problems.add(name, problem, "name each backend once; auto is posthog where there is a key");
        }
    }
}

fn check_features(config: &AnalyticsConfig, chosen: &[Backend], naming: Naming, problems: &mut Problems) {
    for backend in chosen {
        if let Some(feature) = backend.missing_feature() {
            let name = backend.as_str();
            let problem = if config.backend.contains(backend) {
                format!("the backend {name} is not compiled in")
            } else {
                format!("the backend {name}, which auto chooses where there is a project key, is not compiled in")
            };
            let fix = format!("enable the cargo feature `{feature}` of product-analytics, or choose another backend");
            problems.add(naming.name(&setting::BACKEND), problem, fix);
        }
    }
}

fn check_key(backends: &[Backend], has_key: bool, naming: Naming, problems: &mut Problems) {
    if backends.contains(&Backend::PostHog) && !has_key {
        let key = naming.assign(&setting::KEY, "phc_…");
        let auto = naming.assign(&setting::BACKEND, "auto");
        let fix = format!("set {key}, or {auto} to go without where there is none");
        problems.add(naming.name(&setting::KEY), "the backend posthog needs a project key and there is none", fix);
    }
}

fn check_required(config: &AnalyticsConfig, choice: &Choice, naming: Naming, problems: &mut Problems) {
    let Some(no_events) = choice.no_events.filter(|_| config.required) else { return };
    let is_guess = no_events != NoEventsReason::Disabled && problems.concern(naming.name(&setting::BACKEND));
    if is_guess {
        return;
    }
    let fix = match no_events {
        NoEventsReason::Disabled => match naming {
            Naming::Variables => "unset ANALYTICS_DISABLED and DO_NOT_TRACK, or this".to_owned(),
            Naming::Fields => "unset `disabled`, or this".to_owned(),
        },
        NoEventsReason::Chosen => "choose a backend that takes events, or unset this".to_owned(),
        NoEventsReason::NoKey => format!("set {}, or unset this", naming.assign(&setting::KEY, "phc_…")),
    };
    let problem = format!("analytics is required, but no events would be sent: {no_events}");
    problems.add(naming.name(&setting::REQUIRED), problem, fix);
}

/// What the key came from.
#[cfg(any(feature = "log", feature = "posthog"))]
pub(super) fn key_source(config: &AnalyticsConfig, naming: Naming) -> &'static str {
    let key = config.posthog.key.as_ref().filter(|key| !key.is_blank());
    match (key, config.posthog.named_key_file()) {
        (None, Some(_)) => naming.name(&setting::KEY_FILE),
        (key, _) => key.and_then(ProjectKey::variable).unwrap_or(naming.name(&setting::KEY)),
    }
}
