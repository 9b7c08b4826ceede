//! Reading a request's body up to a limit.

use std::time::Duration;

use axum::body::Body;
use axum::http::header;
use axum::http::request::Parts;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;
use hyper::body::Frame;
use tokio::time::Instant;

use super::allowance::Allowance;
use super::refusal::Refusal;
use crate::budget::Budget;
use crate::limits::Limits;
use crate::loss::LossReason;

/// How much of a body over its limit is still read, and forgotten, so that the client has sent all
/// and sees the 413 rather than a reset connection.
const DRAINED: usize = 64 * 1024 * 1024;

/// A plain body of at most this many bytes is taken apart faster than another thread is woken.
const LIGHT_BYTES: usize = 16 * 1024;

/// A body that was read to its end, or given up.
#[derive(Debug)]
pub(crate) struct ReadBody {
    /// How many bytes came over the wire.
    pub(crate) wire_bytes: usize,
    pub(crate) content: Result<Bytes, Refusal>,
    /// What it has of the server's bytes in hand.
    pub(crate) allowance: Allowance,
}

impl ReadBody {
    /// Whether taking it apart may be so much work that nothing else should wait for it.
    pub(crate) fn is_heavy(&self, parts: &Parts) -> bool {
        let Ok(content) = &self.content else {
            return false;
        };
        let is_plain = content.is_empty() || content.starts_with(b"{") || content.starts_with(b"[");
        let is_in_query = parts.uri.query().is_some_and(|query| query.contains("data="));
        content.len() > LIGHT_BYTES || !is_plain || is_in_query || parts.headers.contains_key(header::CONTENT_ENCODING)
    }
}

/// Reads a body of at most `limit` bytes. A larger one is a 413, one that breaks off a 400, one that takes too long a
/// 408, and one that the server has no room for a 503.
pub(crate) async fn read(body: Body, limit: usize, limits: &Limits, budget: &Budget) -> ReadBody {
    let mut frames = Frames::new(body, limits);
    let mut allowance = Allowance::new(budget.reserve());
    let mut content = Ok(BytesMut::new());
    let mut wire_bytes: usize = 0;
    loop {
        let data = match frames.next().await {
            Ok(Some(data)) => data,
            Ok(None) => break,
            Err(refusal) => return ReadBody { wire_bytes, content: Err(refusal), allowance },
        };
        wire_bytes += data.len();
        if content.is_ok() && wire_bytes <= limit {
            match (&mut content, allowance.take(data.len())) {
                (Ok(content), Ok(())) => content.extend_from_slice(&data),
                (content, Err(refusal)) => *content = Err(refusal),
                (Err(_), Ok(())) => {}
            }
        }
        if wire_bytes > limit {
            content = Err(Refusal::too_large(""));
        }
        if content.is_err() {
            allowance.release();
            if wire_bytes > limit.saturating_add(DRAINED) {
                break;
            }
        }
    }
    let content = if wire_bytes > limit {
        Err(Refusal::too_large(format!("the body has {wire_bytes} bytes, the limit is {limit}")))
    } else {
        content.map(BytesMut::freeze)
    };
    ReadBody { wire_bytes, content, allowance }
}

/// Reads at least this many bytes of a body, or as many as come, and forgets them. Says how many they were.
pub(crate) async fn skip(body: Body, at_least: u64, limits: &Limits) -> usize {
    let mut frames = Frames::new(body, limits);
    let mut read: usize = 0;
    while (read as u64) < at_least {
        match frames.next().await {
            Ok(Some(data)) => read += data.len(),
            Ok(None) | Err(_) => break,
        }
    }
    read
}

/// The data of a body, as long as it keeps coming.
struct Frames {
    body: Body,
    stall: Duration,
    /// When all of it has to be there; a time beyond what a clock can tell is none.
    end: Option<Instant>,
}

impl Frames {
    fn new(body: Body, limits: &Limits) -> Self {
        Self { body, stall: limits.stall, end: Instant::now().checked_add(limits.body) }
    }

    async fn next(&mut self) -> Result<Option<Bytes>, Refusal> {
        loop {
            let stalled = Instant::now().checked_add(self.stall);
            let deadline = stalled.into_iter().chain(self.end).min();
            let frame = match deadline {
                Some(deadline) => tokio::time::timeout_at(deadline, self.body.frame()).await,
                None => Ok(self.body.frame().await),
            };
            match frame {
                Ok(Some(frame)) => match frame.map(Frame::into_data) {
                    Ok(Ok(data)) => return Ok(Some(data)),
                    Ok(Err(_trailers)) => {}
                    Err(error) => {
                        let text = format!("the body broke off: {error}");
                        return Err(Refusal::bad_request(LossReason::BodyBrokenOff, text));
                    }
                },
                Ok(None) => return Ok(None),
                Err(_) if deadline == self.end => return Err(Refusal::timeout("the body takes too long")),
                Err(_) => return Err(Refusal::timeout("the body stopped coming")),
            }
        }
    }
}
