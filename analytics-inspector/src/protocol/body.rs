//! Reading a request's body up to a limit.

use axum::body::Body;
use bytes::{Bytes, BytesMut};
use http_body_util::BodyExt as _;

use super::refusal::Refusal;

/// How much of a body over its limit is still read, and forgotten, so that the client has sent all
/// and sees the 413 rather than a reset connection.
const DRAINED: usize = 64 * 1024 * 1024;

/// A body that was read to its end, or given up.
#[derive(Debug)]
pub(crate) struct ReadBody {
    /// How many bytes came over the wire.
    pub(crate) wire_bytes: usize,
    pub(crate) content: Result<Bytes, Refusal>,
}

/// Reads a body of at most `limit` bytes; a larger one is a 413, one that breaks off a 400.
pub(crate) async fn read(mut body: Body, limit: usize) -> ReadBody {
    let mut content = BytesMut::new();
    let mut wire_bytes: usize = 0;
    while let Some(frame) = body.frame().await {
        let data = match frame.map(hyper::body::Frame::into_data) {
            Ok(Ok(data)) => data,
            Ok(Err(_trailers)) => continue,
            Err(error) => {
                let text = format!("the body broke off: {error}");
                return ReadBody { wire_bytes, content: Err(Refusal::bad_request(text)) };
            }
        };
        wire_bytes += data.len();
        if wire_bytes > limit {
            content = BytesMut::new();
            if wire_bytes > limit.saturating_add(DRAINED) {
                break;
            }
        } else {
            content.extend_from_slice(&data);
        }
    }
    let content = if wire_bytes > limit {
        Err(Refusal::too_large(format!("the body has {wire_bytes} bytes, the limit is {limit}")))
    } else {
        Ok(content.freeze())
    };
    ReadBody { wire_bytes, content }
}

/// Reads at least this many bytes of a body, or all if it has fewer, and forgets them. Says how many they
/// were.
pub(crate) async fn skip(mut body: Body, at_least: u64) -> usize {
    let mut read: usize = 0;
    while (read as u64) < at_least {
        match body.frame().await {
            Some(Ok(frame)) => read += frame.data_ref().map_or(0, Bytes::len),
            None | Some(Err(_)) => break,
        }
    }
    read
}
