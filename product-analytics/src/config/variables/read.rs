//! From variables to a configuration.

use std::ffi::OsStr;

use super::environment::Environment;
use super::key;
use crate::config::errors::Problems;
use crate::config::setting::{self, Setting};
use crate::config::settings::backend_names;
use crate::config::settings::{AnalyticsConfig, Backend, DeliverySettings, ExtraHeaders, PostHogSettings};
use crate::config::text::invalid;
use crate::config::text::parse;

/// The configuration, as far as it can be read; what cannot is left at its default and is a problem.
pub(crate) fn read<K: AsRef<OsStr>, V: AsRef<OsStr>>(
    vars: impl IntoIterator<Item = (K, V)>,
    problems: &mut Problems,
) -> AnalyticsConfig {
    let mut environment = Environment::new(vars, problems);
    let defaults = AnalyticsConfig::default();
    AnalyticsConfig {
        backend: backends(&mut environment).unwrap_or(defaults.backend),
        disabled: disabled(&mut environment),
        required: flag(&mut environment, &setting::REQUIRED),
        environment: text(&environment, &setting::ENVIRONMENT),
        source: text(&environment, &setting::SOURCE),
        inspector_url: text(&environment, &setting::INSPECTOR_URL),
        posthog: posthog(&mut environment),
        delivery: delivery(&mut environment),
        unread: environment.unread,
    }
}

fn backends(environment: &mut Environment<'_>) -> Option<Vec<Backend>> {
    let name = setting::BACKEND.variable;
    let text = environment.text(name)?.to_owned();
    if let Some(invalid) = invalid::cause(&text) {
        // Each of the words would be wrong for the same reason.
        environment.problem(name, invalid);
        return Some(Vec::new());
    }
    let mut backends = Vec::new();
    for word in backend_names(&text) {
        match parse::word(word) {
            Ok(backend) => backends.push(backend),
            Err(invalid) => environment.problem(name, invalid),
        }
    }
    Some(backends)
}

fn disabled(environment: &mut Environment<'_>) -> bool {
    // Both are read, so that both can be wrong.
    let ours = flag(environment, &setting::DISABLED);
    let everybodys = environment.parsed(setting::DO_NOT_TRACK, parse::boolean).unwrap_or(false);
    ours || everybodys
}

fn posthog(environment: &mut Environment<'_>) -> PostHogSettings {
    PostHogSettings {
        key: key::read(environment),
        host: text(environment, &setting::HOST),
        protocol: environment.value(&setting::PROTOCOL, parse::word).unwrap_or_default(),
        compression: environment.value(&setting::COMPRESSION, parse::word).unwrap_or_default(),
        compress_from: environment.value(&setting::COMPRESS_FROM, parse::threshold),
        suspect_answers: environment.value(&setting::SUSPECT_ANSWERS, parse::word).unwrap_or_default(),
        person_profiles: environment.value(&setting::PERSON_PROFILES, parse::word).unwrap_or_default(),
        disable_geoip: environment.value(&setting::DISABLE_GEOIP, parse::boolean),
        historical: flag(environment, &setting::HISTORICAL),
        max_event_bytes: environment.value(&setting::MAX_EVENT_BYTES, parse::size),
        connect_timeout: environment.value(&setting::CONNECT_TIMEOUT, parse::duration),
        headers: ExtraHeaders::default(),
        verify_key: environment.value(&setting::VERIFY_KEY, parse::word).unwrap_or_default(),
        verify_timeout: environment.value(&setting::VERIFY_TIMEOUT, parse::duration),
        allow_http: flag(environment, &setting::ALLOW_HTTP),
        allow_in_tests: flag(environment, &setting::ALLOW_IN_TESTS),
    }
}

fn delivery(environment: &mut Environment<'_>) -> DeliverySettings {
    DeliverySettings {
        queue_events: environment.value(&setting::QUEUE_EVENTS, parse::count),
        queue_bytes: environment.value(&setting::QUEUE_BYTES, parse::size),
        batch_events: environment.value(&setting::BATCH_EVENTS, parse::count),
        batch_bytes: environment.value(&setting::BATCH_BYTES, parse::size),
        flush_at: environment.value(&setting::FLUSH_AT, parse::count),
        flush_interval: environment.value(&setting::FLUSH_INTERVAL, parse::duration),
        in_flight: environment.value(&setting::IN_FLIGHT, parse::count),
        request_timeout: environment.value(&setting::REQUEST_TIMEOUT, parse::duration),
        max_age: environment.value(&setting::MAX_AGE, parse::duration),
        overflow: environment.value(&setting::OVERFLOW, parse::word),
        order: environment.value(&setting::ORDER, parse::word),
        max_retries: environment.value(&setting::MAX_RETRIES, parse::retries),
    }
}

fn flag(environment: &mut Environment<'_>, setting: &Setting) -> bool {
    environment.value(setting, parse::boolean).unwrap_or(false)
}

fn text(environment: &Environment<'_>, setting: &Setting) -> Option<String> {
    environment.text(setting.variable).map(str::to_owned)
}
