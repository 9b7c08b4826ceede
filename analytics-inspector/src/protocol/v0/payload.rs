//! Where the JSON of a request is: in its body or its query, plain, in base64 or in a form.

use std::borrow::Cow;

use axum::http::{HeaderMap, Method};
use base64::Engine as _;
use base64::alphabet::STANDARD;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use bytes::Bytes;

use super::query::CaptureQuery;
use crate::loss::LossReason;
use crate::protocol::allowance::Allowance;
use crate::protocol::encoding;
use crate::protocol::refusal::Refusal;

const BASE64: GeneralPurpose = GeneralPurpose::new(
    &STANDARD,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// Content that may still be gzip.
#[derive(Debug)]
pub(super) struct Payload {
    pub(super) content: Bytes,
    pub(super) is_labelled_gzip: bool,
}

/// Finds the payload as PostHog's server does: in `data` of the query, else in the body, where a form has
/// it in `data`. Either may be in base64.
pub(super) fn find(
    method: &Method,
    headers: &HeaderMap,
    query: &CaptureQuery,
    body: Bytes,
    allowance: &mut Allowance,
) -> Result<Payload, Refusal> {
    // What is in a form or in base64 is copied.
    allowance.take(if starts_like_json(&body) { 0 } else { body.len() })?;
    let is_labelled_gzip = query.is_gzip() || encoding::is_labelled_gzip(headers);
    let in_query = query.data().map(|data| (Bytes::copy_from_slice(data.as_bytes()), None));
    let (content, compression) = match in_query {
        Some(in_query) => in_query,
        None if method == Method::GET => (Bytes::new(), None),
        None => in_form(&body).unwrap_or((body, None)),
    };
    if content.is_empty() {
        return Err(Refusal::bad_request(LossReason::EmptyBody, "request has an empty body"));
    }
    let compression = compression.as_deref().or(query.compression());
    if compression.is_some_and(|label| label.eq_ignore_ascii_case("lz64") || label.eq_ignore_ascii_case("lz-string")) {
        let text = "lz-string, which PostHog would read, is not read here";
        return Err(Refusal::bad_request(LossReason::UnsupportedEncoding, text));
    }
    let is_labelled_gzip = is_labelled_gzip || compression.is_some_and(encoding::is_gzip);
    Ok(Payload { content: from_base64(&content).unwrap_or(content), is_labelled_gzip })
}

fn starts_like_json(body: &[u8]) -> bool {
    body.starts_with(b"{") || body.starts_with(b"[")
}

/// The fields `data` and `compression` of a form; `None` if this is no form with data.
fn in_form(body: &[u8]) -> Option<(Bytes, Option<String>)> {
    if !body.starts_with(b"data=") && !body.starts_with(b"compression=") {
        return None;
    }
    let field = |name: &str| form_urlencoded::parse(body).find(|(key, _)| key == name).map(|(_, value)| value);
    let data = field("data")?;
    Some((data.into_owned().into_bytes().into(), field("compression").map(Cow::into_owned)))
}

/// The content of base64, with or without padding; `None` if this is something else.
fn from_base64(content: &[u8]) -> Option<Bytes> {
    // What begins like JSON or gzip has bytes that base64 has not.
    let may_be = content.iter().take(64).all(|byte| byte.is_ascii_alphanumeric() || b"+/= \r\n".contains(byte));
    if !may_be {
        return None;
    }
    // A plus is a space to whoever decoded a query.
    let symbols = content.iter().filter(|byte| !b"\r\n".contains(byte));
    let symbols: Vec<u8> = symbols.map(|byte| if *byte == b' ' { b'+' } else { *byte }).collect();
    BASE64.decode(symbols).ok().map(Bytes::from)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::budget::Budget;

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200), is_get in any::<bool>()) {
            let method = if is_get { Method::GET } else { Method::POST };
            let mut allowance = Allowance::new(Budget::new(usize::MAX).reserve());
            drop(find(&method, &HeaderMap::new(), &CaptureQuery::default(), body.into(), &mut allowance));
        }

        #[test]
        fn base64_gives_back_what_was_put_in(content in proptest::collection::vec(any::<u8>(), 1..200)) {
            let encoded = BASE64.encode(&content);
            for text in [encoded.clone(), encoded.replace('+', " "), encoded.trim_end_matches('=').to_owned()] {
                prop_assert_eq!(from_base64(text.as_bytes()).unwrap(), &content);
            }
        }
    }
}
