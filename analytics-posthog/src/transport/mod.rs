//! Batches over HTTP.

mod body;
mod classify;
mod client;
mod connection;
mod credentials;
mod endpoint;
#[cfg(fuzzing)]
pub(crate) mod fuzz_entry;
mod headers;
mod own_words;
mod received;
mod redact;
mod resolver;
mod retry_after;
mod uuid;
mod verdicts;

use std::time::{Duration, Instant, SystemTime};

use analytics_core::{DropReason, Lane};
use analytics_delivery::{Answer, Batch, Outcome, Repeats, Transport};
use analytics_posthog_encoder::{Protocol, uuid_of};
use async_trait::async_trait;
use reqwest::header::{CONNECTION, CONTENT_ENCODING, HeaderValue};
use reqwest::{Client, Request, Response};

use self::body::Body;
pub(crate) use self::client::http_client;
use self::connection::Connections;
use self::credentials::{Credentials, LONGEST_WAIT, REFUSED_AS_WELL, Renewal};
use self::endpoint::Endpoint;
use self::received::Received;
use self::uuid::RequestIds;
use crate::api_key::ApiKey;
use crate::config::{Compression, PostHogConfig};
use crate::error::PostHogError;

#[derive(Debug)]
pub(crate) struct PostHogTransport {
    client: Client,
    destination: String,
    ordinary: Endpoint,
    ai: Endpoint,
    credentials: Credentials,
    request_ids: RequestIds,
    connections: Connections,
    compress_from: usize,
}

/// What one attempt is to send, whatever the key.
struct Asked<'a> {
    endpoint: &'a Endpoint,
    batch: &'a Batch<'a>,
    /// The events that are left out.
    repeats: &'a [bool],
    deadline: Instant,
}

impl PostHogTransport {
    pub(crate) fn new(config: &PostHogConfig) -> Result<Self, PostHogError> {
        if config.options.compression == Compression::Zstd {
            if cfg!(not(feature = "zstd")) {
                return Err(PostHogError::NoZstd);
            }
            if config.options.protocol == Protocol::V0 {
                return Err(PostHogError::Zstd);
            }
        }
        Ok(Self {
            client: http_client(config)?,
            destination: config.host.to_string(),
            ordinary: Endpoint::new(Lane::Product, config)?,
            ai: Endpoint::new(Lane::Ai, config)?,
            credentials: Credentials::new(config, Instant::now()),
            request_ids: RequestIds::new(),
            connections: Connections::new(),
            compress_from: config.options.compress_from,
        })
    }

    fn endpoint(&self, batch: &Batch<'_>) -> &Endpoint {
        match batch.route().lane {
            Lane::Ai => &self.ai,
            _ => &self.ordinary,
        }
    }

    /// The request for an attempt.
    fn request(&self, asked: &Asked<'_>, key: &ApiKey) -> Request {
        let Asked { endpoint, batch, repeats, deadline } = *asked;
        let is_sent = |index: usize| !repeats.get(index).copied().unwrap_or(false);
        let Endpoint { url, protocol, compression, .. } = endpoint;
        let body = Body::new(*protocol, key, batch, is_sent, *compression, self.compress_from);
        let mut request = Request::new(reqwest::Method::POST, url.clone());
        // It covers everything from the connection to the answer's last byte.
        *request.timeout_mut() = Some(left_until(deadline));
        let headers = request.headers_mut();
        headers.clone_from(&endpoint.headers);
        if *protocol == Protocol::V1 {
            let request_id = self.request_ids.of_batch(batch.number());
            headers.extend(headers::of_attempt(batch, key, &request_id, SystemTime::now()));
        }
        if let Some(encoding) = body.encoding {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        if self.connections.is_last(Instant::now()) {
            headers.insert(CONNECTION, HeaderValue::from_static("close"));
        }
        *request.body_mut() = Some(body.bytes.into());
        request
    }

    /// Makes one attempt with this key.
    async fn attempt(&self, asked: &Asked<'_>, key: &ApiKey) -> Answer {
        let request = self.request(asked, key);
        let body_bytes = request.body().and_then(reqwest::Body::as_bytes).map_or(0, <[u8]>::len);
        let answer = match self.execute(request, asked.deadline).await {
            Ok(response) => {
                let most = received::most_bytes(asked.endpoint.protocol, asked.batch.len());
                let ids = asked.batch.events().map(|event| uuid_of(event.bytes()));
                asked.endpoint.classifier.classify(&Received::read(response, most).await, ids, key)
            }
            Err((error, breaks)) => classify::of_error(&error, breaks),
        };
        answer.with_body_bytes(body_bytes)
    }

    /// Sends a request. If a kept connection was closed meanwhile, that is no failure of the server's: the request is
    /// sent once more, over another connection. Nothing doubles by it, the events keep their uuids. An error comes with
    /// the number of connections that broke.
    async fn execute(&self, request: Request, deadline: Instant) -> Result<Response, (reqwest::Error, u32)> {
        let again = request.try_clone();
        let result = self.client.execute(request).await;
        let was_warm = self.connections.note(result.is_ok());
        let error = match result {
            Ok(response) => return Ok(response),
            Err(error) => error,
        };
        let broke = |error: &reqwest::Error| u32::from(!error.is_timeout() && !error.is_connect());
        match again {
            Some(mut request) if was_warm && connection::was_closed(&error) => {
                *request.timeout_mut() = Some(left_until(deadline));
                let result = self.client.execute(request).await;
                self.connections.note(result.is_ok());
                result.map_err(|second| {
                    let breaks = broke(&error) + broke(&second);
                    (second, breaks)
                })
            }
            _ => {
                let breaks = broke(&error);
                Err((error, breaks))
            }
        }
    }
}

/// The time for a request. It ends a moment before the attempt does, so that an answer whose body stalls still counts.
fn left_until(deadline: Instant) -> Duration {
    const MOMENT: Duration = Duration::from_millis(10);
    let left = deadline.saturating_duration_since(Instant::now());
    left.saturating_sub(MOMENT.min(left / 2))
}

fn is_unauthorized(answer: &Answer) -> bool {
    *answer.outcome() == Outcome::Refused(DropReason::Unauthorized)
}

fn remarked(answer: Answer, remark: &str) -> Answer {
    let cause = format!("{}{remark}", answer.cause());
    answer.with_cause(cause)
}

#[async_trait]
impl Transport for PostHogTransport {
    async fn send(&self, batch: &Batch<'_>, deadline: Instant) -> Answer {
        let endpoint = self.endpoint(batch);
        let repeats = if endpoint.protocol == Protocol::V1 { uuid::repeats(batch) } else { Vec::new() };
        let asked = Asked { endpoint, batch, repeats: &repeats, deadline };
        let key = self.credentials.current(Instant::now());
        let mut answer = self.attempt(&asked, &key).await;
        if is_unauthorized(&answer) {
            // Before the attempt ends, so that a refusal is told as one.
            let wait = LONGEST_WAIT.min(left_until(deadline));
            match self.credentials.renew(&key, Instant::now(), wait).await {
                // The refused request stored nothing, and its events do not name their key.
                Renewal::Renewed(key) => {
                    answer = self.attempt(&asked, &key).await;
                    if is_unauthorized(&answer) {
                        answer = remarked(answer, &format!(" {REFUSED_AS_WELL}"));
                    }
                }
                Renewal::Same(why) => answer = remarked(answer, &why),
            }
        }
        answer.with_unsent(repeats)
    }

    fn repeats(&self) -> Repeats {
        Repeats::Divisible
    }

    fn destination(&self) -> String {
        self.destination.clone()
    }
}
