//! Gzip, as v0 has it: known by its first bytes.

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flate2::read::GzDecoder;

use crate::loss::LossReason;
use crate::protocol::allowance::{Allowance, DecodeError};
use crate::protocol::refusal::Refusal;

const GZIP_MAGIC: [u8; 3] = [0x1f, 0x8b, 0x08];

/// Whether a value of `Content-Encoding` or `?compression=` means gzip.
pub(crate) fn is_gzip(label: &str) -> bool {
    label.eq_ignore_ascii_case("gzip") || label.eq_ignore_ascii_case("gzip-js")
}

/// Whether the headers say gzip.
pub(crate) fn is_labelled_gzip(headers: &HeaderMap) -> bool {
    headers.get(header::CONTENT_ENCODING).and_then(|label| label.to_str().ok()).is_some_and(is_gzip)
}

/// Inflates a body that is labelled gzip or begins like gzip, and returns any other as it is.
///
/// Like PostHog's server it believes the label: a plain body under it is refused. More than `limit`
/// bytes of content are a 413, and no more than that is ever inflated.
pub(crate) fn inflate(
    body: &Bytes,
    is_labelled: bool,
    limit: usize,
    allowance: &mut Allowance,
) -> Result<Bytes, Refusal> {
    let is_compressed = is_labelled || body.starts_with(&GZIP_MAGIC);
    let content = if is_compressed { gunzip(body, limit, allowance)? } else { body.clone() };
    if content.len() > limit {
        let text = format!("the content has more than {limit} bytes");
        return Err(Refusal::too_large(text));
    }
    Ok(content)
}

fn gunzip(body: &[u8], limit: usize, allowance: &mut Allowance) -> Result<Bytes, Refusal> {
    let decoder = GzDecoder::new(allowance.chunks(body));
    allowance.read_up_to(limit, decoder).map_err(|error| match error {
        DecodeError::Damaged(error) => {
            Refusal::bad_request(LossReason::RequestDecodingError, format!("invalid gzip data: {error}"))
        }
        DecodeError::Refused(refusal) => refusal,
    })
}
