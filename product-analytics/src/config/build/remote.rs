//! The backends that speak to PostHog, or to what stands in for it.

use std::num::NonZeroUsize;

use analytics_posthog::{ApiKey, Host, PostHogConfig};

use super::address;
use super::choice::key_source;
use crate::config::errors::{Invalid, Problems};
use crate::config::explanation::Target;
use crate::config::setting::Naming;
use crate::config::settings::{
    AnalyticsConfig, Backend, Compression, DeliverySettings, Order, Overflow, PersonProfiles, PostHogSettings,
    Protocol, SuspectAnswers,
};

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
        let settings = &self.config.posthog;
        let mut config = PostHogConfig::new(key, host);
        config.protocol = settings.protocol.into();
        config.compression = settings.compression.into();
        config.suspect_answers = settings.suspect_answers.into();
        config.person_profiles = settings.person_profiles.into();
        config.allow_in_tests = settings.allow_in_tests;
        send(settings, &mut config);
        deliver(&self.config.delivery, &mut config);
        Some(config)
    }

    /// Where this backend sends.
    pub(super) fn target(&self, backend: Backend, config: &PostHogConfig, naming: Naming) -> Target {
        let key = self.config.posthog.key.as_ref().filter(|_| backend == Backend::PostHog);
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
    let key = config.posthog.key.as_ref().filter(|key| !key.is_blank())?;
    let name = key_source(config, naming);
    // A key that is refused may be a secret; the error's text is without it.
    ApiKey::parse(key.text()).map_err(|error| problems.add_invalid(name, Invalid::from_error(&error))).ok()
}

fn set<T: Copy>(place: &mut T, value: Option<T>) {
    *place = value.unwrap_or(*place);
}

fn send(settings: &PostHogSettings, config: &mut PostHogConfig) {
    set(&mut config.compress_from, settings.compress_from);
    set(&mut config.disable_geoip, settings.disable_geoip);
    config.historical = settings.historical;
    set(&mut config.limits.bytes, settings.max_event_bytes.map(NonZeroUsize::get));
    set(&mut config.connect_timeout, settings.connect_timeout);
    config.headers = settings.headers.pairs();
}

fn deliver(settings: &DeliverySettings, config: &mut PostHogConfig) {
    let delivery = &mut config.delivery;
    set(&mut delivery.queue_events, settings.queue_events);
    set(&mut delivery.queue_bytes, settings.queue_bytes);
    set(&mut delivery.batch_events, settings.batch_events);
    set(&mut delivery.batch_bytes, settings.batch_bytes);
    set(&mut delivery.flush_at, settings.flush_at);
    set(&mut delivery.flush_interval, settings.flush_interval);
    set(&mut delivery.overflow, settings.overflow.map(Into::into));
    set(&mut delivery.order, settings.order.map(Into::into));
    set(&mut delivery.in_flight, settings.in_flight);
    set(&mut delivery.request_timeout, settings.request_timeout);
    set(&mut delivery.max_age, settings.max_age);
    delivery.max_retries = settings.max_retries.or(delivery.max_retries);
}

impl From<Compression> for analytics_posthog::Compression {
    fn from(compression: Compression) -> Self {
        match compression {
            Compression::Gzip => Self::Gzip,
            #[cfg(feature = "zstd")]
            Compression::Zstd => Self::Zstd,
            // That it is not compiled in has been told, and nothing is started.
            #[cfg(not(feature = "zstd"))]
            Compression::Zstd => Self::None,
            Compression::None => Self::None,
        }
    }
}

impl From<Protocol> for analytics_posthog::Protocol {
    fn from(protocol: Protocol) -> Self {
        match protocol {
            Protocol::V0 => Self::V0,
            Protocol::V1 => Self::V1,
        }
    }
}

impl From<SuspectAnswers> for analytics_posthog::SuspectAnswers {
    fn from(answers: SuspectAnswers) -> Self {
        match answers {
            SuspectAnswers::Accept => Self::Accept,
            SuspectAnswers::Retry => Self::Retry,
        }
    }
}

impl From<Overflow> for analytics_posthog::Overflow {
    fn from(overflow: Overflow) -> Self {
        match overflow {
            Overflow::DropNewest => Self::DropNewest,
            Overflow::DropOldest => Self::DropOldest,
        }
    }
}

impl From<Order> for analytics_posthog::Order {
    fn from(order: Order) -> Self {
        match order {
            Order::Actor => Self::Actor,
            Order::None => Self::None,
        }
    }
}

impl From<PersonProfiles> for analytics_posthog::PersonProfiles {
    fn from(profiles: PersonProfiles) -> Self {
        match profiles {
            PersonProfiles::UsersOnly => Self::UsersOnly,
            PersonProfiles::Always => Self::Always,
        }
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
        assert!(built.disable_geoip && !built.historical && built.headers.is_empty());
        assert_eq!(built.limits.bytes, defaults.limits.bytes);
        assert_eq!((built.connect_timeout, built.allow_in_tests), (defaults.connect_timeout, false));
        assert_eq!((built.protocol, built.compression), (defaults.protocol, defaults.compression));
        assert_eq!(built.compress_from, defaults.compress_from);
        assert_eq!(built.suspect_answers, defaults.suspect_answers);
    }

    #[test]
    fn what_is_set_reaches_the_backend() {
        let built = built(&[
            ("ANALYTICS_DISABLE_GEOIP", "false"),
            ("ANALYTICS_HISTORICAL", "true"),
            ("ANALYTICS_MAX_EVENT_BYTES", "64KiB"),
            ("ANALYTICS_CONNECT_TIMEOUT", "250ms"),
            ("ANALYTICS_PROTOCOL", "v1"),
            ("ANALYTICS_SUSPECT_ANSWERS", "retry"),
            ("ANALYTICS_COMPRESS_FROM", "0"),
        ]);
        assert_eq!(built.compress_from, 0);
        assert_eq!(built.protocol, analytics_posthog::Protocol::V1);
        assert_eq!(built.suspect_answers, analytics_posthog::SuspectAnswers::Retry);
        assert!(!built.disable_geoip && built.historical);
        assert_eq!((built.limits.bytes, built.connect_timeout), (65_536, Duration::from_millis(250)));
    }
}
