//! Whether a server knows a project's key.
//!
//! The question is `POST /flags?v=2` with `disable_flags`, PostHog's endpoint for feature flags with their evaluation
//! switched off. As PostHog's source has it (`rust/feature-flags/src`): `handler/authentication.rs` looks the key up
//! first, `handler/mod.rs` then answers 200 without evaluating, and without `billing::record_usage`; `api/errors.rs`
//! answers 401 to a key that `flags/flag_service.rs` does not find.

mod verdict;

use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

use analytics_rules::display::root_cause;
use reqwest::Response;
use reqwest::header::{CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue, WWW_AUTHENTICATE};

pub use self::verdict::KeyVerdict;
use crate::config::PostHogConfig;
use crate::transport::http_client;

impl PostHogConfig {
    /// Asks the server whether it knows the key, over the client and with the headers of a sink, and blocks the thread
    /// for at most `timeout`. May be called inside of a runtime.
    ///
    /// The question counts nothing and is billed to nobody. It is asked in a test process too: see
    /// [`held_back`](Self::held_back).
    #[must_use]
    pub fn verify_key(&self, timeout: Duration) -> KeyVerdict {
        // A thread and a runtime of its own. A thread that is stuck in the resolver is left behind.
        let config = self.clone();
        let (verdict, received) = mpsc::sync_channel(1);
        let asking = move || verdict.send(ask(&config, timeout)).unwrap_or_default();
        if let Err(error) = thread::Builder::new().name("analytics-verify".to_owned()).spawn(asking) {
            return KeyVerdict::NoAnswer(format!("no thread to ask on: {error}"));
        }
        match received.recv_timeout(timeout) {
            Ok(verdict) => verdict,
            Err(RecvTimeoutError::Timeout) => KeyVerdict::NoAnswer(format!("no answer within {timeout:?}")),
            Err(RecvTimeoutError::Disconnected) => KeyVerdict::NoAnswer("the thread that asked panicked".to_owned()),
        }
    }
}

fn ask(config: &PostHogConfig, timeout: Duration) -> KeyVerdict {
    let runtime = match tokio::runtime::Builder::new_current_thread().enable_all().build() {
        Ok(runtime) => runtime,
        Err(error) => return KeyVerdict::NoAnswer(format!("no runtime to ask on: {error}")),
    };
    let verdict = match runtime.block_on(response(config, timeout)) {
        Ok(response) => judge(&response),
        Err(cause) => KeyVerdict::NoAnswer(cause),
    };
    // Without waiting for a resolver that hangs.
    runtime.shutdown_background();
    verdict
}

async fn response(config: &PostHogConfig, timeout: Duration) -> Result<Response, String> {
    let client = http_client(config).map_err(|error| error.to_string())?;
    let request = client.post(format!("{}/flags?v=2", config.host)).headers(headers(config)).body(body(config));
    request.timeout(timeout).send().await.map_err(|error| cause(&error))
}

fn headers(config: &PostHogConfig) -> HeaderMap {
    // What a gateway needs. No sink starts with those that are invalid.
    let valid =
        |(name, value): &(String, String)| Some((HeaderName::try_from(name).ok()?, HeaderValue::try_from(value).ok()?));
    let mut headers: HeaderMap = config.headers.iter().filter_map(valid).collect();
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    headers
}

fn body(config: &PostHogConfig) -> String {
    // A key is of visible ASCII characters, for which Rust's quotes and escapes are those of JSON. The distinct id is
    // for servers that ask for one even where no flags are evaluated.
    let key = config.key.expose();
    format!(r#"{{"api_key":{key:?},"distinct_id":"product-analytics","disable_flags":true}}"#)
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
