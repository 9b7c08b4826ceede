//! The question, and its answer.
//!
//! `POST /flags?v=2` with `disable_flags`, PostHog's endpoint for feature flags with their evaluation switched off.
//! As PostHog's source has it (`rust/feature-flags/src`): `handler/authentication.rs` looks the key up first,
//! `handler/mod.rs` then answers 200 without evaluating, and without `billing::record_usage`; `api/errors.rs` answers
//! 401 to a key that `flags/flag_service.rs` does not find.

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use analytics_posthog::PostHogConfig;
use analytics_rules::display::root_cause;
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, USER_AGENT, WWW_AUTHENTICATE};

use super::KeyVerdict;

/// A request that is ready to be sent.
pub(crate) struct KeyCheck {
    url: String,
    body: String,
    headers: HeaderMap,
    config: PostHogConfig,
    timeout: Duration,
}

impl KeyCheck {
    /// Whether this server knows this key. Not asked yet.
    pub(crate) fn new(key: &str, config: &PostHogConfig, timeout: Duration) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(USER_AGENT, HeaderValue::from_static(concat!("product-analytics/", env!("CARGO_PKG_VERSION"))));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        // What a gateway needs. No sink starts with those that are invalid.
        for (name, value) in &config.headers {
            if let (Ok(name), Ok(value)) = (HeaderName::try_from(name), HeaderValue::try_from(value)) {
                headers.insert(name, value);
            }
        }
        // A key is of visible ASCII characters, for which Rust's quotes and escapes are those of JSON. The
        // distinct id is for servers that ask for one even where no flags are evaluated.
        let body = format!(r#"{{"api_key":{key:?},"distinct_id":"product-analytics","disable_flags":true}}"#);
        let url = format!("{}/flags?v=2", config.host);
        Self { url, body, headers, config: config.clone(), timeout }
    }

    /// Asks, on a thread and a runtime of its own, so that it may be called inside of one; and waits, at most for the
    /// timeout. A thread that is stuck in the resolver is left behind.
    pub(crate) fn ask(self) -> KeyVerdict {
        let timeout = self.timeout;
        let late = || format!("no answer within {}", humantime::format_duration(timeout));
        let (answer, answered) = mpsc::sync_channel(1);
        let asking = move || answer.send(self.ask_here()).unwrap_or_default();
        if let Err(error) = thread::Builder::new().name("analytics-verify".to_owned()).spawn(asking) {
            return KeyVerdict::NoAnswer(format!("no thread to ask on: {error}"));
        }
        match answered.recv_timeout(timeout) {
            Ok(verdict) => verdict,
            Err(RecvTimeoutError::Timeout) => KeyVerdict::NoAnswer(late()),
            Err(RecvTimeoutError::Disconnected) => KeyVerdict::NoAnswer("the thread that asked panicked".to_owned()),
        }
    }

    fn ask_here(self) -> KeyVerdict {
        let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
            Ok(runtime) => runtime,
            Err(error) => return KeyVerdict::NoAnswer(format!("no runtime to ask on: {error}")),
        };
        let verdict = match runtime.block_on(self.answer()) {
            Ok(response) => judge(&response),
            Err(cause) => KeyVerdict::NoAnswer(cause),
        };
        // Without waiting for a resolver that hangs.
        runtime.shutdown_background();
        verdict
    }

    /// The question takes the way that the sink's own requests take.
    async fn answer(self) -> Result<Response, String> {
        let client = self.config.http_client().map_err(|error| error.to_string())?;
        let request = client.post(self.url).headers(self.headers).body(self.body).timeout(self.timeout);
        request.send().await.map_err(|error| cause(&error))
    }
}

/// What an answer means, by its status: the words of older and newer servers differ.
fn judge(response: &Response) -> KeyVerdict {
    let status = response.status().as_u16();
    let has = |name: HeaderName| response.headers().get(name).and_then(|value| value.to_str().ok());
    let is_json = has(CONTENT_TYPE).is_some_and(|kind| kind.starts_with("application/json"));
    match status {
        200 if is_json => KeyVerdict::Known,
        200 => KeyVerdict::CannotTell("status 200 without JSON: is this PostHog?".to_owned()),
        401 if has(WWW_AUTHENTICATE).is_some() => {
            KeyVerdict::CannotTell("status 401 of a gateway, which asks for a password".to_owned())
        }
        401 => KeyVerdict::Unknown,
        404 | 405 => KeyVerdict::CannotTell(format!("status {status}: this server has no /flags")),
        408 | 429 | 500.. => KeyVerdict::NoAnswer(format!("status {status}")),
        _ => KeyVerdict::CannotTell(format!("status {status}")),
    }
}

fn cause(error: &reqwest::Error) -> String {
    if error.is_timeout() { "no answer in time".to_owned() } else { root_cause(error).to_string() }
}
