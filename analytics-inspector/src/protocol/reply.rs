//! Answers, as the protocol has them and as a fault bends them.

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Response, StatusCode, header};
use bytes::Bytes;

use super::refusal::Refusal;
use crate::faults::{Fault, FaultEffect};
use crate::wire::{Ending, RawAnswer};

/// What is answered: a status, headers and a body.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    headers: HeaderMap,
    body: Bytes,
}

impl Reply {
    pub(crate) fn json(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::new(status, "application/json", body.into())
    }

    pub(crate) fn text(status: StatusCode, body: impl Into<Bytes>) -> Self {
        Self::new(status, "text/plain; charset=utf-8", body.into())
    }

    fn new(status: StatusCode, content_type: &'static str, body: Bytes) -> Self {
        let headers = HeaderMap::from_iter([(header::CONTENT_TYPE, HeaderValue::from_static(content_type))]);
        Self { status, headers, body }
    }

    /// Sets headers, each in place of any of that name.
    pub(crate) fn with_headers(mut self, headers: impl IntoIterator<Item = (HeaderName, HeaderValue)>) -> Self {
        for (name, value) in headers {
            self.headers.insert(name, value);
        }
        self
    }

    /// Another answer, with the headers of this one that it has none of.
    pub(crate) fn replaced_by(self, mut other: Self) -> Self {
        for (name, value) in &self.headers {
            other.headers.entry(name).or_insert_with(|| value.clone());
        }
        other
    }

    /// What `fault` makes of this answer.
    pub(crate) fn bent_by(self, fault: &Fault) -> Self {
        self.try_bent_by(fault).unwrap_or_else(|objection| Self::text(StatusCode::INTERNAL_SERVER_ERROR, objection))
    }

    fn try_bent_by(mut self, fault: &Fault) -> Result<Self, String> {
        if let FaultEffect::Status(status) = fault.effect {
            let status = StatusCode::from_u16(status)
                .ok()
                .filter(|status| !status.is_informational())
                .ok_or_else(|| format!("the armed fault has an impossible status: {status}"))?;
            self = Self::text(status, words_of(status));
        }
        if let FaultEffect::OverQuota(status) = fault.effect
            && !matches!(status, 402 | 429)
        {
            return Err(format!("the armed fault has an impossible status: {status} is none for a quota"));
        }
        if let Some(body) = &fault.body {
            self.body.clone_from(body);
        }
        for (name, value) in &fault.headers {
            let header = name.parse::<HeaderName>().ok().zip(HeaderValue::from_bytes(value.as_bytes()).ok());
            let header = header.ok_or_else(|| format!("the armed fault has an impossible header: {name:?}"))?;
            self = self.with_headers([header]);
        }
        Ok(self)
    }

    /// The answer as bytes, for a connection that HTTP no longer owns.
    pub(crate) fn into_raw(self, ending: Ending) -> RawAnswer {
        RawAnswer::new(self.status, &self.headers, &self.body, ending)
    }
}

/// What PostHog says with a refusal, so that it is taken for PostHog's and not for that of somebody on the way.
fn words_of(status: StatusCode) -> &'static str {
    match status {
        StatusCode::BAD_REQUEST => "failed to parse request: an armed fault",
        StatusCode::UNAUTHORIZED => "API key is not valid: an armed fault",
        StatusCode::PAYMENT_REQUIRED => "billing limit reached",
        _ => "",
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        Self::text(refusal.status, refusal.text.into_owned())
    }
}

impl From<Reply> for Response<Body> {
    fn from(reply: Reply) -> Self {
        let mut response = Response::new(Body::from(reply.body));
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        response
    }
}
