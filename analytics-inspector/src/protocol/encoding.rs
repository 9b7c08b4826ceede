//! Inflating bodies, never beyond a limit.

use std::io::Read as _;

use axum::http::{HeaderMap, header};
use bytes::Bytes;
use flate2::read::GzDecoder;

use super::refusal::Refusal;

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
pub(crate) fn inflate(body: &Bytes, is_labelled: bool, limit: usize) -> Result<Bytes, Refusal> {
    let content = if is_labelled || body.starts_with(&GZIP_MAGIC) { gunzip(body, limit)? } else { body.clone() };
    if content.len() > limit {
        let text = format!("the content has more than {limit} bytes");
        return Err(Refusal::too_large(text));
    }
    Ok(content)
}

/// Inflates at most one byte more than `limit`.
fn gunzip(body: &[u8], limit: usize) -> Result<Bytes, Refusal> {
    let mut content = Vec::with_capacity(body.len().saturating_mul(4).min(limit));
    let at_most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    GzDecoder::new(body)
        .take(at_most)
        .read_to_end(&mut content)
        .map_err(|error| Refusal::bad_request(format!("invalid gzip data: {error}")))?;
    Ok(content.into())
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    #[test]
    fn a_bomb_is_inflated_to_one_byte_beyond_the_limit_and_no_further() {
        let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
        encoder.write_all(&vec![0; 1_000_000]).unwrap();
        let bomb = Bytes::from(encoder.finish().unwrap());

        assert_eq!(gunzip(&bomb, 1_000).unwrap().len(), 1_001);
        let refusal = inflate(&bomb, false, 1_000).unwrap_err();
        assert_eq!(refusal.status, 413);
        assert_eq!(inflate(&bomb, false, 999_999).unwrap_err().status, 413);
        assert_eq!(inflate(&bomb, false, 1_000_000).unwrap().len(), 1_000_000);
    }
}
