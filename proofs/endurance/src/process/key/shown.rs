//! What public types and errors show.

use std::fmt::{Debug, Display};

use analytics_posthog::{ApiKey, Host, PostHogConfig, PostHogSink};
use product_analytics::AnalyticsConfig;

use super::{HEADER, KEY};

/// Every text that was made of a public type.
#[derive(Default)]
pub(super) struct Texts(pub(super) Vec<String>);

impl Texts {
    pub(super) fn add(&mut self, value: &dyn Debug) {
        self.0.push(format!("{value:?}"));
        self.0.push(format!("{value:#?}"));
    }

    fn add_error(&mut self, error: &(impl Debug + Display)) {
        self.add(error);
        self.0.push(error.to_string());
    }

    /// A result's error; and its value, as far as it shows itself.
    fn add_result<T: Debug, E: Debug + Display>(&mut self, result: Result<T, E>) {
        match result {
            Ok(value) => self.add(&value),
            Err(error) => self.add_error(&error),
        }
    }
}

/// The key where it belongs and where it does not.
pub(super) fn errors_and_settings(texts: &mut Texts) {
    for text in [KEY.to_owned(), format!("{KEY}{KEY}"), format!("{KEY} x"), KEY.replace("phc_", "phx_")] {
        texts.add_result(ApiKey::parse(&text));
    }
    let wrong_hosts = [
        KEY.to_owned(),
        format!("https://{KEY}"),
        format!("https://user:{KEY}@eu.i.posthog.com"),
        format!("https://eu.i.posthog.com/?api_key={KEY}"),
        format!("http://{KEY}.example.com"),
        format!("{KEY}://x"),
        format!("https://eu.i.posthog.com:{KEY}"),
    ];
    for host in &wrong_hosts {
        texts.add_result(Host::parse(host));
    }
    if let Ok(key) = ApiKey::parse(KEY) {
        let mut config = PostHogConfig::new(key, Host::default());
        config.options.allow_in_tests = true;
        config.headers = vec![("no name".to_owned(), HEADER.to_owned())];
        texts.add_result(PostHogSink::spawn(config.clone()));
        config.headers = vec![("X-Secret".to_owned(), format!("{HEADER}\n{KEY}"))];
        texts.add_result(PostHogSink::spawn(config));
    }
    settings(texts, &wrong_hosts);
}

/// The same through the settings of a service.
fn settings(texts: &mut Texts, wrong_hosts: &[String]) {
    let variables = |key: &str, host: &str| {
        [
            ("POSTHOG_API_KEY", key.to_owned()),
            ("POSTHOG_HOST", host.to_owned()),
            ("ANALYTICS_REQUIRED", "true".to_owned()),
        ]
    };
    let mut configs = vec![AnalyticsConfig::from_vars(variables(KEY, "http://127.0.0.1:9"))];
    let wrong_keys = [format!("{KEY} {KEY}"), format!("{KEY}{KEY}"), KEY.replace("phc_", "phx_")];
    configs.extend(wrong_keys.iter().map(|key| AnalyticsConfig::from_vars(variables(key, "eu"))));
    configs.extend(wrong_hosts.iter().map(|host| AnalyticsConfig::from_vars(variables(KEY, host))));
    configs.push(AnalyticsConfig::from_vars([("POSTHOG_API_KEY", KEY), ("POSTHOG_PROJECT_TOKEN", "phc_another")]));
    for config in configs {
        match config {
            Ok(config) => {
                texts.0.push(serde_json::to_string(&config).unwrap_or_default());
                texts.add_result(config.build());
                texts.add(&config.posthog.key);
            }
            Err(errors) => texts.add_error(&errors),
        }
    }
}
