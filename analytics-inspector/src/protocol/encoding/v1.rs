//! The encodings of the second protocol: known by their label.

use std::io;

use brotli_decompressor::Decompressor;
use bytes::Bytes;
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;

use super::read_up_to;

const BROTLI_BUFFER: usize = 4_096;

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

    /// Inflates a body, to at most one byte more than `limit`.
    ///
    /// # Errors
    ///
    /// The body is not of this encoding, or it is damaged or cut short.
    pub(crate) fn inflate(self, body: &[u8], limit: usize) -> io::Result<Bytes> {
        match self {
            Self::Gzip => read_up_to(limit, MultiGzDecoder::new(body)),
            // Both are in use under this name: with zlib's frame, as the standard has it, and without.
            Self::Deflate => {
                read_up_to(limit, ZlibDecoder::new(body)).or_else(|_| read_up_to(limit, DeflateDecoder::new(body)))
            }
            Self::Brotli => read_up_to(limit, Decompressor::new(body, BROTLI_BUFFER)),
            Self::Zstd => unzstd(body, limit),
        }
    }
}

/// Inflates frame after frame. The decoder refuses a frame with a window of more than 100 MiB.
fn unzstd(mut body: &[u8], limit: usize) -> io::Result<Bytes> {
    let mut content = Vec::new();
    while !body.is_empty() && content.len() <= limit {
        let decoder = StreamingDecoder::new(&mut body).map_err(io::Error::other)?;
        content.extend_from_slice(&read_up_to(limit - content.len(), decoder)?);
    }
    Ok(content.into())
}
