//! A request's body.

use std::io::Write;
use std::time::SystemTime;

use analytics_core::json::{write_string, write_time};
use analytics_delivery::Batch;
use flate2::write::GzEncoder;

use crate::ApiKey;
use crate::config::Compression;

/// Below it, compression costs more than it saves.
const SMALL_BYTES: usize = 1_024;

/// A request's body. Made anew for every attempt, because it says when it was sent.
pub(super) struct Body {
    pub(super) bytes: Vec<u8>,
    pub(super) is_gzipped: bool,
}

impl Body {
    pub(super) fn new(key: &ApiKey, batch: &Batch<'_>, sent_at: SystemTime, compression: Compression) -> Self {
        let plain = plain(key, batch, sent_at);
        if compression == Compression::None || plain.len() < SMALL_BYTES {
            return Self { bytes: plain, is_gzipped: false };
        }
        match gzip(&plain) {
            Ok(bytes) => Self { bytes, is_gzipped: true },
            // Writing into memory does not fail; if it did, the plain body is as good.
            Err(_) => Self { bytes: plain, is_gzipped: false },
        }
    }
}

fn plain(key: &ApiKey, batch: &Batch<'_>, sent_at: SystemTime) -> Vec<u8> {
    let mut out = Vec::with_capacity(batch.bytes() + batch.len() + 200);
    out.extend_from_slice(b"{\"api_key\":");
    write_string(&mut out, key.expose());
    out.extend_from_slice(b",\"sent_at\":\"");
    write_time(&mut out, sent_at);
    out.push(b'"');
    if batch.route().historical {
        out.extend_from_slice(b",\"historical_migration\":true");
    }
    out.extend_from_slice(b",\"batch\":[");
    for (index, event) in batch.events().enumerate() {
        if index > 0 {
            out.push(b',');
        }
        out.extend_from_slice(event.bytes());
    }
    out.extend_from_slice(b"]}");
    out
}

fn gzip(plain: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::with_capacity(plain.len() / 4), flate2::Compression::fast());
    encoder.write_all(plain)?;
    encoder.finish()
}
