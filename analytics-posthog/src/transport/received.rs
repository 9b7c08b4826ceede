//! What came back for a request.

use analytics_posthog_encoder::Protocol;
use std::time::{Duration, SystemTime};

use reqwest::header::CONTENT_TYPE;
use reqwest::{Response, StatusCode};

use super::redact::redacted;
use super::retry_after;

/// As much of an answer as is read. PostHog's are a few dozen bytes; v1's name every event.
pub(super) fn most_bytes(protocol: Protocol, events: usize) -> usize {
    const ANSWER: usize = 64 * 1024;
    const VERDICT: usize = 256;
    if protocol == Protocol::V1 { ANSWER + events * VERDICT } else { ANSWER }
}

/// What came back for a request.
#[derive(Debug)]
pub(super) struct Received {
    pub(super) status: StatusCode,
    pub(super) after: Option<Duration>,
    /// Whether it is said to be a page.
    pub(super) is_html: bool,
    pub(super) body: Vec<u8>,
    /// Whether the body is not whole.
    pub(super) broke_off: bool,
}

impl Received {
    /// Reads the answer's body, as far as it is of use and comes in time. What is over `most` bytes is not read, and
    /// the connection is closed.
    pub(super) async fn read(mut response: Response, most: usize) -> Self {
        let status = response.status();
        let after = retry_after::parse(response.headers(), SystemTime::now());
        let content_type = response.headers().get(CONTENT_TYPE).map_or(b"".as_slice(), |value| value.as_bytes());
        let is_html = content_type.to_ascii_lowercase().starts_with(b"text/html");
        let mut body = Vec::new();
        let broke_off = loop {
            match response.chunk().await {
                Ok(Some(chunk)) => body.extend_from_slice(&chunk),
                Ok(None) => break false,
                Err(_) => break true,
            }
            if body.len() >= most {
                break true;
            }
        };
        Self { status, after, is_html, body, broke_off }
    }

    /// The status and the body, for a log.
    pub(super) fn cause(&self, key: &str) -> String {
        self.cause_as("", key)
    }

    /// The same, with a remark on the status.
    pub(super) fn cause_as(&self, remark: &str, key: &str) -> String {
        let said = redacted(&String::from_utf8_lossy(&self.body), key);
        let colon = if said.is_empty() { "" } else { ": " };
        format!("status {}{remark}{colon}{said}", self.status.as_u16())
    }
}

#[cfg(test)]
impl Received {
    /// A whole answer that is no page by its header.
    pub(super) fn of(status: u16, body: &str) -> Self {
        let status = StatusCode::from_u16(status).unwrap();
        Self { status, after: None, is_html: false, body: body.as_bytes().to_vec(), broke_off: false }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_echo_of_the_key_is_not_told() {
        let told = Received::of(404, "no such key: phc_secret, phc_secret").cause("phc_secret");
        assert_eq!(told, "status 404: no such key: …, …");
    }
}
