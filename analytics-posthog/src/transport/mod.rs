//! Batches over HTTP.

mod answer;
mod body;
mod client;
mod connection;
#[cfg(fuzzing)]
pub(crate) mod doors;
mod headers;
mod resolver;
mod retry_after;
mod shown;
mod uuid;
mod verdicts;

use std::time::{Duration, Instant, SystemTime};

use analytics_delivery::{Answer, Batch, Outcome, Transport};
use analytics_posthog_encoder::uuid_of;
use async_trait::async_trait;
use reqwest::header::{CONNECTION, CONTENT_ENCODING, HeaderMap, HeaderValue};
use reqwest::{Client, Request, Response, Url};

use self::answer::Received;
use self::body::Body;
pub(crate) use self::client::build as build_client;
use self::connection::Connections;
use self::uuid::RequestIds;
use self::verdicts::Verdicts;
use crate::config::{Compression, PostHogConfig, SuspectAnswers};
use crate::{ApiKey, PostHogError, Protocol};

#[derive(Debug)]
pub(crate) struct PostHogTransport {
    client: Client,
    url: Url,
    destination: String,
    key: ApiKey,
    protocol: Protocol,
    headers: HeaderMap,
    request_ids: RequestIds,
    connections: Connections,
    compression: Compression,
    compress_from: usize,
    suspect_answers: SuspectAnswers,
}

impl PostHogTransport {
    pub(crate) fn new(config: &PostHogConfig) -> Result<Self, PostHogError> {
        #[cfg(feature = "zstd")]
        if config.compression == Compression::Zstd && config.protocol == Protocol::V0 {
            return Err(PostHogError::Zstd);
        }
        let client = config.http_client()?;
        Ok(Self {
            client,
            url: config.host.url(config.protocol.path()),
            destination: config.host.to_string(),
            key: config.key.clone(),
            protocol: config.protocol,
            headers: headers::of_all(&config.headers, config.protocol, &config.key)?,
            request_ids: RequestIds::new(),
            connections: Connections::new(),
            compression: config.compression,
            compress_from: config.compress_from,
            suspect_answers: config.suspect_answers,
        })
    }

    /// The request for an attempt; `repeats` are the events that are left out.
    fn request(&self, batch: &Batch<'_>, repeats: &[bool], deadline: Instant) -> Request {
        let is_sent = |index: usize| !repeats.get(index).copied().unwrap_or(false);
        let body = Body::new(self.protocol, &self.key, batch, is_sent, self.compression, self.compress_from);
        let mut request = Request::new(reqwest::Method::POST, self.url.clone());
        // It covers everything from the connection to the answer's last byte.
        *request.timeout_mut() = Some(left_until(deadline));
        let headers = request.headers_mut();
        headers.clone_from(&self.headers);
        if self.protocol == Protocol::V1 {
            let request_id = self.request_ids.of_batch(batch.number());
            headers.extend(headers::of_attempt(batch, &request_id, SystemTime::now()));
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

    /// Sends a request. If a kept connection was closed meanwhile, that is no failure of the server's: the request is
    /// sent once more, over another connection. Nothing doubles by it, the events keep their uuids.
    async fn execute(&self, request: Request, deadline: Instant) -> Result<Response, reqwest::Error> {
        let again = request.try_clone();
        let mut result = self.client.execute(request).await;
        let was_warm = self.connections.note(result.is_ok());
        if let (Err(error), Some(mut request)) = (&result, again)
            && was_warm
            && connection::was_closed(error)
        {
            *request.timeout_mut() = Some(left_until(deadline));
            result = self.client.execute(request).await;
            self.connections.note(result.is_ok());
        }
        result
    }

    fn judge(&self, received: &Received, batch: &Batch<'_>) -> Answer {
        if !received.status.is_success() {
            return received.judge(self.protocol, self.key.expose());
        }
        if self.protocol == Protocol::V0 {
            return if received.is_suspect_v0() { self.suspect(received) } else { received.judge_v0_success() };
        }
        if received.broke_off {
            return Answer::new(Outcome::Retry { after: received.after }).because("the answer broke off");
        }
        let Some(verdicts) = Verdicts::read(&received.body) else { return self.suspect(received) };
        let ids = batch.events().map(|event| uuid_of(event.bytes()));
        verdicts.judge(ids, received.after, self.key.expose())
    }

    /// A success that PostHog does not put like this.
    fn suspect(&self, received: &Received) -> Answer {
        let outcome = match self.suspect_answers {
            SuspectAnswers::Accept => Outcome::Delivered,
            SuspectAnswers::Retry => Outcome::Retry { after: received.after },
        };
        Answer::new(outcome).because(received.told(self.key.expose())).suspect()
    }
}

/// The time for a request. It ends a moment before the attempt does, so that an answer whose body stalls still counts.
fn left_until(deadline: Instant) -> Duration {
    const MOMENT: Duration = Duration::from_millis(10);
    let left = deadline.saturating_duration_since(Instant::now());
    left.saturating_sub(MOMENT.min(left / 2))
}

#[async_trait]
impl Transport for PostHogTransport {
    async fn send(&self, batch: &Batch<'_>, deadline: Instant) -> Answer {
        let repeats = if self.protocol == Protocol::V1 { uuid::repeats(batch) } else { Vec::new() };
        let request = self.request(batch, &repeats, deadline);
        let body_bytes = request.body().and_then(reqwest::Body::as_bytes).map_or(0, <[u8]>::len);
        let answer = match self.execute(request, deadline).await {
            Ok(response) => {
                let most = answer::most_bytes(self.protocol, batch.len());
                self.judge(&Received::read(response, most).await, batch)
            }
            Err(error) => answer::of_error(&error),
        };
        answer.without(repeats).with_body_bytes(body_bytes)
    }

    fn destination(&self) -> String {
        self.destination.clone()
    }
}
