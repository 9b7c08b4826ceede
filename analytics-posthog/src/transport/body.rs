//! A request's body.

use std::io::Write;
use std::time::SystemTime;

use analytics_core::json::{write_string, write_time};
use analytics_delivery::{Batch, BatchEvent};
use analytics_posthog_encoder::Protocol;
use flate2::write::GzEncoder;

use crate::api_key::ApiKey;
use crate::config::Compression;

/// A request's body. Made anew for every attempt, because it says when it was sent.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    /// The value of `Content-Encoding`.
    pub(super) encoding: Option<&'static str>,
}

impl Body {
    /// The body that carries the events of `batch` that `is_sent` tells, compressed if it has `compress_from` bytes.
    pub(super) fn new(
        protocol: Protocol,
        key: &ApiKey,
        batch: &Batch<'_>,
        is_sent: impl Fn(usize) -> bool,
        compression: Compression,
        compress_from: usize,
    ) -> Self {
        let events = batch.events().enumerate().filter(|(index, _)| is_sent(*index)).map(|(_, event)| event);
        let mut plain = Vec::with_capacity(batch.bytes() + batch.len() + 200);
        if protocol == Protocol::V1 {
            open_v1(&mut plain, batch);
        } else {
            open_v0(&mut plain, key, batch, SystemTime::now());
        }
        write_events(&mut plain, events);
        if plain.len() < compress_from { Self::plain(plain) } else { compressed(plain, compression) }
    }

    fn plain(bytes: Vec<u8>) -> Self {
        Self { bytes, encoding: None }
    }
}

fn open_v0(out: &mut Vec<u8>, key: &ApiKey, batch: &Batch<'_>, sent_at: SystemTime) {
    out.extend_from_slice(b"{\"api_key\":");
    write_string(out, key.expose());
    out.extend_from_slice(b",\"sent_at\":\"");
    write_time(out, sent_at);
    out.push(b'"');
    if batch.route().historical {
        out.extend_from_slice(b",\"historical_migration\":true");
    }
}

/// The key and the time of the attempt are in headers.
fn open_v1(out: &mut Vec<u8>, batch: &Batch<'_>) {
    out.extend_from_slice(b"{\"created_at\":\"");
    write_time(out, batch.composed_at());
    out.push(b'"');
    if batch.route().historical {
        out.extend_from_slice(b",\"historical_migration\":true");
    }
}

fn write_events<'a>(out: &mut Vec<u8>, events: impl Iterator<Item = BatchEvent<'a>>) {
    out.extend_from_slice(b",\"batch\":[");
    for (index, event) in events.enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(event.bytes());
    }
    out.extend_from_slice(b"]}");
}

/// The body as it is sent. Writing into memory does not fail; if it did, the plain body is as good.
fn compressed(plain: Vec<u8>, compression: Compression) -> Body {
    let (bytes, encoding) = match compression {
        Compression::None => (None, None),
        Compression::Gzip => (gzip(&plain).ok(), Some("gzip")),
        #[cfg(feature = "zstd")]
        Compression::Zstd => (zstd::bulk::compress(&plain, 1).ok(), Some("zstd")),
        // No sink starts with it.
        #[cfg(not(feature = "zstd"))]
        Compression::Zstd => (None, None),
    };
    match bytes {
        Some(bytes) => Body { bytes, encoding },
        None => Body::plain(plain),
    }
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), flate2::Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}
