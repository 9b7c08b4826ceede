//! The encodings of the second protocol: known by their label.

use std::io;

use brotli_decompressor::Decompressor;
use bytes::Bytes;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;

use super::read_up_to;

const BROTLI_BUFFER: usize = 4_096;

/// The first byte of zlib's frame. The server takes anything else for bare deflate.
const ZLIB_WITH_USUAL_WINDOW: u8 = 0x78;

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Encoding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Encoding {
    /// The encoding that this label means, in any case.
    pub(crate) fn of_label(label: &str) -> Option<Self> {
        let encodings = [("gzip", Self::Gzip), ("deflate", Self::Deflate), ("br", Self::Brotli), ("zstd", Self::Zstd)];
        encodings.into_iter().find(|(name, _)| label.eq_ignore_ascii_case(name)).map(|(_, encoding)| encoding)
    }

    /// Inflates a body, to at most one byte more than `limit`. Of gzip and zstd the first member or frame is the body, and
    /// whatever stands behind it is not read, as in PostHog's server.
    ///
    /// # Errors
    ///
    /// The body is not of this encoding, or it is damaged or cut short.
    pub(crate) fn inflate(self, body: &[u8], limit: usize) -> io::Result<Bytes> {
        match self {
            Self::Gzip => read_up_to(limit, GzDecoder::new(body)),
            // Both are in use under this name: with zlib's frame, as the standard has it, and without.
            Self::Deflate if body.first() == Some(&ZLIB_WITH_USUAL_WINDOW) => read_up_to(limit, ZlibDecoder::new(body)),
            Self::Deflate => read_up_to(limit, DeflateDecoder::new(body)),
            Self::Brotli => read_up_to(limit, Decompressor::new(body, BROTLI_BUFFER)),
            // The decoder refuses a frame with a window of more than 100 MiB.
            Self::Zstd => read_up_to(limit, StreamingDecoder::new(body).map_err(io::Error::other)?),
        }
    }
}
