//! Answers, as the protocol has them and as a fault bends them.

use axum::body::Body;
use axum::http::{HeaderName, HeaderValue, Response, StatusCode, header};

use super::refusal::Refusal;
use crate::faults::{Course, Fault};

/// What is answered: a status, a type of content and a body.
#[derive(Debug, Clone)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    content_type: &'static str,
    body: String,
    headers: Vec<(HeaderName, HeaderValue)>,
}

impl Reply {
    pub(crate) fn json(status: StatusCode, body: impl Into<String>) -> Self {
        Self { content_type: "application/json", ..Self::text(status, body) }
    }

    pub(crate) fn text(status: StatusCode, body: impl Into<String>) -> Self {
        Self { status, content_type: "text/plain; charset=utf-8", body: body.into(), headers: Vec::new() }
    }

    /// What `fault` makes of this answer.
    pub(crate) fn bent_by(self, fault: &Fault) -> Self {
        self.try_bent_by(fault).unwrap_or_else(|objection| Self::text(StatusCode::INTERNAL_SERVER_ERROR, objection))
    }

    fn try_bent_by(mut self, fault: &Fault) -> Result<Self, String> {
        if let Course::Status(status) = fault.course {
            let status = StatusCode::from_u16(status)
                .ok()
                .filter(|status| !status.is_informational())
                .ok_or_else(|| format!("the armed fault has an impossible status: {status}"))?;
            self = Self::text(status, "");
        }
        if let Some(body) = &fault.body {
            self.body.clone_from(body);
        }
        for (name, value) in &fault.headers {
            let header = name.parse().ok().zip(value.parse().ok());
            let header = header.ok_or_else(|| format!("the armed fault has an impossible header: {name:?}"))?;
            self.headers.push(header);
        }
        Ok(self)
    }
}

impl From<Refusal> for Reply {
    fn from(refusal: Refusal) -> Self {
        Self::text(refusal.status, refusal.text)
    }
}

impl From<Reply> for Response<Body> {
    fn from(reply: Reply) -> Self {
        let mut response = Response::new(Body::from(reply.body));
        *response.status_mut() = reply.status;
        let content_type = HeaderValue::from_static(reply.content_type);
        response.headers_mut().insert(header::CONTENT_TYPE, content_type);
        for (name, value) in reply.headers {
            response.headers_mut().insert(name, value);
        }
        response
    }
}
