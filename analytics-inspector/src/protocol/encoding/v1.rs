//! The encodings of v1: known by their label.

use brotli_decompressor::Decompressor;
use bytes::Bytes;
use flate2::read::{DeflateDecoder, GzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;

use crate::protocol::allowance::{Allowance, DecodeError};

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

    /// Inflates a body, to at most one byte more than `limit`. Of gzip and zstd the first member or frame is the body,
    /// and whatever stands behind it is not read, as in PostHog's server.
    ///
    /// # Errors
    ///
    /// The body is not of this encoding, it is damaged or cut short, or there is no more room or time for it.
    pub(crate) fn inflate(self, body: &[u8], limit: usize, allowance: &mut Allowance) -> Result<Bytes, DecodeError> {
        let chunks = allowance.chunks(body);
        match self {
            Self::Gzip => allowance.read_up_to(limit, GzDecoder::new(chunks)),
            // Both are in use under this name: with zlib's frame, as the standard has it, and without.
            Self::Deflate if body.first() == Some(&ZLIB_WITH_USUAL_WINDOW) => {
                allowance.read_up_to(limit, ZlibDecoder::new(chunks))
            }
            Self::Deflate => allowance.read_up_to(limit, DeflateDecoder::new(chunks)),
            Self::Brotli => allowance.read_up_to(limit, Decompressor::new(chunks, BROTLI_BUFFER)),
            // The decoder refuses a frame with a window of more than 100 MiB.
            Self::Zstd => {
                let decoder = StreamingDecoder::new(chunks).map_err(|error| allowance.objection(error))?;
                allowance.read_up_to(limit, decoder)
            }
        }
    }
}
