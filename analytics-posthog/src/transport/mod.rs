//! Batches over HTTP.

mod answer;
mod body;
mod client;
mod retry_after;

use std::time::{Instant, SystemTime};

use analytics_delivery::{Answer, Batch, Transport};
use async_trait::async_trait;
use reqwest::header::{CONTENT_ENCODING, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue};
use reqwest::{Client, Response, Url};

use self::body::Body;
use crate::config::{Compression, PostHogConfig};
use crate::{ApiKey, PostHogError};

/// As much of an answer as is read; PostHog's are a few dozen bytes.
const MAX_ANSWER_BYTES: usize = 64 * 1024;

#[derive(Debug)]
pub(crate) struct PostHogTransport {
    client: Client,
    url: Url,
    destination: String,
    key: ApiKey,
    headers: HeaderMap,
    compression: Compression,
}

impl PostHogTransport {
    pub(crate) fn new(config: &PostHogConfig) -> Result<Self, PostHogError> {
        let client = match &config.client {
            Some(client) => client.clone(),
            None => client::build(config)?,
        };
        Ok(Self {
            client,
            url: config.host.url("batch/"),
            destination: config.host.to_string(),
            key: config.key.clone(),
            headers: headers(&config.headers)?,
            compression: config.compression,
        })
    }

    /// One request, whose deadline covers everything from the connection to the answer's last byte.
    async fn attempt(&self, body: Body, deadline: Instant) -> Result<Answer, reqwest::Error> {
        let mut request = self.client.post(self.url.clone()).headers(self.headers.clone());
        request = request.timeout(deadline.saturating_duration_since(Instant::now()));
        request = request.header(CONTENT_TYPE, "application/json");
        if body.is_gzipped {
            request = request.header(CONTENT_ENCODING, "gzip");
        }
        let response = request.body(body.bytes).send().await?;
        let status = response.status();
        let after = retry_after::parse(response.headers(), SystemTime::now());
        // The status is the answer. Its body is for people, and an echo of the request in it must not show the key.
        let text = read(response).await.replace(self.key.expose(), "…");
        Ok(answer::judge(status, after, &text))
    }
}

fn headers(extra: &[(String, String)]) -> Result<HeaderMap, PostHogError> {
    let parse = |(name, value): &(String, String)| {
        let invalid = || PostHogError::Header(name.chars().take(100).collect());
        let name = HeaderName::try_from(name).map_err(|_| invalid())?;
        let value = HeaderValue::try_from(value).map_err(|_| invalid())?;
        Ok((name, value))
    };
    extra.iter().map(parse).collect()
}

/// The answer's body, as far as it is of use and comes in time. The rest is not read, and the connection is closed.
async fn read(mut response: Response) -> String {
    let mut bytes = Vec::new();
    while let Ok(Some(chunk)) = response.chunk().await {
        bytes.extend_from_slice(&chunk);
        if bytes.len() >= MAX_ANSWER_BYTES {
            break;
        }
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

#[async_trait]
impl Transport for PostHogTransport {
    async fn send(&self, batch: &Batch<'_>, deadline: Instant) -> Answer {
        let body = Body::new(&self.key, batch, SystemTime::now(), self.compression);
        let body_bytes = body.bytes.len();
        let answer = match self.attempt(body, deadline).await {
            Ok(answer) => answer,
            Err(error) => answer::of_error(&error),
        };
        answer.with_body_bytes(body_bytes)
    }

    fn destination(&self) -> String {
        self.destination.clone()
    }
}
