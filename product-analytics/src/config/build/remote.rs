//! The backends that speak to PostHog, or to what stands in for it.

use std::path::Path;

use analytics_posthog::{ApiKey, Host, PostHogConfig};

use super::address;
use super::choice::key_source;
use crate::config::errors::{Invalid, Problems};
use crate::config::explanation::Target;
use crate::config::setting::{self, Naming};
use crate::config::settings::{AnalyticsConfig, Backend};
use crate::config::text::invalid;

/// What the inspector is sent for a key; it takes any.
const INSPECTOR_KEY: &str = "phc_local";

/// Keys and hosts, parsed; `None` where there is none or it is a problem.
pub(super) struct Remote<'c> {
    config: &'c AnalyticsConfig,
    key: Option<ApiKey>,
    host: Option<Host>,
    inspector: Option<Host>,
}

impl<'c> Remote<'c> {
    pub(super) fn read(config: &'c AnalyticsConfig, naming: Naming, problems: &mut Problems) -> Self {
        let inspector = address::inspector(config, naming, problems);
        let host = address::posthog(config, naming, problems);
        Self { config, key: parse_key(config, naming, problems), host, inspector }
    }

    /// The configuration of this backend, if nothing is wrong with it.
    pub(super) fn config(&self, backend: Backend) -> Option<PostHogConfig> {
        let (key, host) = match backend {
            Backend::Inspector => (ApiKey::parse(INSPECTOR_KEY).ok()?, self.inspector.clone()?),
            _ => (self.key.clone()?, self.host.clone()?),
        };
        let mut config = PostHogConfig::new(key, host);
        config.options = self.config.posthog.options.clone();
        config.delivery = self.config.delivery.clone();
        config.headers = self.config.posthog.headers.pairs();
        config.key_file = self.key_file(backend).map(Path::to_owned);
        Some(config)
    }

    /// The file that this backend's key came from.
    fn key_file(&self, backend: Backend) -> Option<&Path> {
        self.config.posthog.named_key_file().filter(|_| backend == Backend::PostHog)
    }

    /// Where this backend sends.
    pub(super) fn target(&self, backend: Backend, config: &PostHogConfig, naming: Naming) -> Target {
        let key = self.key.as_ref().filter(|_| backend == Backend::PostHog);
        Target {
            host: config.host.to_string(),
            region: config.host.region().to_string(),
            fingerprint: config.key.fingerprint().to_string(),
            key_source: key.map(|_| key_source(self.config, naming)),
            key_oddity: key.and_then(|_| config.key.oddity()),
            test_process: config.held_back(),
        }
    }
}

fn parse_key(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) -> Option<ApiKey> {
    let name = key_source(config, naming);
    let key = config.posthog.key.as_ref().filter(|key| !key.is_blank());
    let invalid = match (key, config.posthog.named_key_file()) {
        (None, None) => return None,
        (Some(_), Some(_)) => {
            let problem = format!("the key is set by {name} as well");
            problems.add(naming.name(&setting::KEY_FILE), problem, "keep one of them");
            return None;
        }
        // A key that is refused may be a secret; the error's text is without it.
        (Some(key), None) => match ApiKey::parse(key.text()) {
            Ok(key) => return Some(key),
            Err(error) => Invalid::from_error(&error),
        },
        (None, Some(path)) => match read_key(path) {
            Ok(key) => return Some(key),
            Err(invalid) => invalid,
        },
    };
    problems.add_invalid(name, invalid);
    None
}

/// The key in a file, whose path may be no path at all.
fn read_key(path: &Path) -> Result<ApiKey, Invalid> {
    match invalid::cause(&path.to_string_lossy()) {
        Some(invalid) => Err(invalid),
        None => ApiKey::from_file(path).map_err(|error| Invalid::from_error(&error)),
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn built(vars: &[(&str, &str)]) -> PostHogConfig {
        let key = ("POSTHOG_API_KEY", "phc_abcdefghijklmnopqrstuvwxyz0123");
        let config = AnalyticsConfig::from_vars(vars.iter().copied().chain([key])).unwrap();
        Remote::read(&config, Naming::Variables, &mut Problems::default()).config(Backend::PostHog).unwrap()
    }

    #[test]
    fn what_is_not_set_has_the_backends_default() {
        let (built, defaults) = (built(&[]), PostHogConfig::new(ApiKey::parse("phc_a").unwrap(), Host::default()));
        assert!(built.options.disable_geoip && !built.options.historical && built.headers.is_empty());
        assert_eq!(built.options.limits.bytes, defaults.options.limits.bytes);
        assert_eq!(
            (built.options.connect_timeout, built.options.allow_in_tests),
            (defaults.options.connect_timeout, false)
        );
        assert_eq!(
            (built.options.protocol, built.options.compression),
            (defaults.options.protocol, defaults.options.compression)
        );
        assert_eq!(built.options.compress_from, defaults.options.compress_from);
        assert_eq!(built.options.suspect_answers, defaults.options.suspect_answers);
    }

    #[test]
    fn what_is_set_reaches_the_backend() {
        let built = built(&[
            ("ANALYTICS_DISABLE_GEOIP", "false"),
            ("ANALYTICS_HISTORICAL", "true"),
            ("ANALYTICS_MAX_EVENT_BYTES", "64KiB"),
            ("ANALYTICS_MAX_AI_EVENT_BYTES", "1MiB"),
            ("ANALYTICS_CONNECT_TIMEOUT", "250ms"),
            ("ANALYTICS_PROTOCOL", "v1"),
            ("ANALYTICS_SUSPECT_ANSWERS", "retry"),
            ("ANALYTICS_COMPRESS_FROM", "0"),
        ]);
        assert_eq!(built.options.compress_from, 0);
        assert_eq!(built.options.max_ai_event_bytes.get(), 1 << 20);
        assert_eq!(built.options.protocol, analytics_posthog::Protocol::V1);
        assert_eq!(built.options.suspect_answers, analytics_posthog::SuspectAnswers::Retry);
        assert!(!built.options.disable_geoip && built.options.historical);
        assert_eq!((built.options.limits.bytes, built.options.connect_timeout), (65_536, Duration::from_millis(250)));
    }
}
