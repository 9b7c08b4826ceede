//! From variables to a configuration.

use std::ffi::OsStr;

use super::environment::Environment;
use super::{key, value};
use crate::config::errors::Problems;
use crate::config::setting;
use crate::config::settings::{AnalyticsConfig, Backend, OwnSettings, PostHogSettings, backend_names, parse_backend};
use crate::config::text::invalid;

/// The configuration, as far as it can be read; what cannot is left at its default and is a problem.
pub(crate) fn read<K: AsRef<OsStr>, V: AsRef<OsStr>>(
    vars: impl IntoIterator<Item = (K, V)>,
    problems: &mut Problems,
) -> AnalyticsConfig {
    let mut environment = Environment::new(vars, problems);
    let backend = backends(&mut environment);
    let mut config: AnalyticsConfig = environment.settings(&["backend"]);
    config.backend = backend.unwrap_or(config.backend);
    // Both are read, so that both can be wrong.
    config.disabled |= environment.parsed(setting::DO_NOT_TRACK, value::boolean).unwrap_or(false);
    config.posthog = PostHogSettings {
        key: key::read(&mut environment),
        #[cfg(feature = "posthog")]
        options: environment.settings(&[]),
        ..environment.settings::<OwnSettings>(&["key"]).0
    };
    #[cfg(feature = "posthog")]
    {
        config.delivery = environment.settings(&[]);
    }
    config.unread = environment.unread;
    config
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
        match parse_backend(word) {
            Ok(backend) => backends.push(backend),
            Err(invalid) => environment.problem(name, invalid),
        }
    }
    Some(backends)
}
