//! The headers that every request has to have.

use axum::http::{HeaderMap, header};
use uuid::Uuid;

use super::refusal::Refusal;
use crate::loss::LossReason;
use crate::protocol::encoding::Encoding;
use crate::protocol::token;
use crate::time;

pub(super) const REQUEST_ID: &str = "posthog-request-id";
const ATTEMPT: &str = "posthog-attempt";
const SDK_INFO: &str = "posthog-sdk-info";
const REQUEST_TIMESTAMP: &str = "posthog-request-timestamp";

const REQUIRED: [&str; 7] =
    ["authorization", "content-type", "user-agent", SDK_INFO, ATTEMPT, REQUEST_ID, REQUEST_TIMESTAMP];

/// What the headers say, once they are as they have to be.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Head {
    pub(super) api_key: String,
    pub(super) sent_at: String,
    pub(super) encoding: Option<Encoding>,
}

impl Head {
    /// Checks the headers in the order in which PostHog's server does.
    pub(super) fn read(headers: &HeaderMap) -> Result<Self, Refusal> {
        if !headers.contains_key(header::AUTHORIZATION) {
            let text = "request is missing the Authorization header";
            return Err(Refusal::unauthorized(LossReason::MissingAuthorization, text));
        }
        let missing: Vec<&str> = REQUIRED.into_iter().filter(|name| !headers.contains_key(*name)).collect();
        if !missing.is_empty() {
            let text = format!("request is missing required headers: {missing:?}");
            return Err(Refusal::bad_request(LossReason::MissingRequiredHeaders, text));
        }
        let api_key = api_key(text(headers, "authorization")?)?;
        check_content_type(text(headers, "content-type")?)?;
        let encoding = encoding(headers)?;
        check(headers, REQUEST_ID, "is not a valid UUID", |text| Uuid::try_parse(text).is_ok())?;
        check(headers, ATTEMPT, "must be a positive integer", |text| text.parse::<u32>().is_ok_and(|n| n >= 1))?;
        let sent_at = check(headers, REQUEST_TIMESTAMP, "is not valid RFC 3339", |text| time::parse(text).is_some())?;
        text(headers, "user-agent")?;
        text(headers, SDK_INFO)?;
        Ok(Self { api_key, sent_at: sent_at.to_owned(), encoding })
    }
}

fn text<'a>(headers: &'a HeaderMap, name: &str) -> Result<&'a str, Refusal> {
    let text = headers.get(name).and_then(|value| value.to_str().ok());
    text.ok_or_else(|| invalid(format!("{name} contains non-visible ASCII characters")))
}

fn check<'a>(
    headers: &'a HeaderMap,
    name: &str,
    objection: &str,
    is_valid: impl Fn(&str) -> bool,
) -> Result<&'a str, Refusal> {
    let value = text(headers, name)?;
    if is_valid(value) { Ok(value) } else { Err(invalid(format!("{name} {objection}: {value}"))) }
}

fn invalid(text: impl AsRef<str>) -> Refusal {
    Refusal::bad_request(LossReason::InvalidHeaderValue, format!("invalid header value: {}", text.as_ref()))
}

/// The project key behind the word `Bearer`.
fn api_key(authorization: &str) -> Result<String, Refusal> {
    const SCHEME: &str = "Bearer ";
    let split = authorization.split_at_checked(SCHEME.len());
    let key = split.filter(|(scheme, key)| scheme.eq_ignore_ascii_case(SCHEME) && !key.is_empty());
    let Some((_, key)) = key else {
        return Err(invalid("Authorization must use Bearer scheme"));
    };
    match token::check_shape(key) {
        Ok(()) => Ok(key.trim().to_owned()),
        Err(_) => Err(Refusal::unauthorized(LossReason::InvalidApiToken, "The provided API token is not valid.")),
    }
}

fn check_content_type(value: &str) -> Result<(), Refusal> {
    let mime = value.split(';').next().unwrap_or_default().trim();
    if mime.eq_ignore_ascii_case("application/json") {
        return Ok(());
    }
    Err(Refusal::unsupported(LossReason::UnsupportedContentType, format!("unsupported content type: {value}")))
}

fn encoding(headers: &HeaderMap) -> Result<Option<Encoding>, Refusal> {
    if !headers.contains_key(header::CONTENT_ENCODING) {
        return Ok(None);
    }
    let label = text(headers, "content-encoding")?;
    let unsupported =
        || Refusal::unsupported(LossReason::UnsupportedEncoding, format!("unsupported content encoding: {label}"));
    Encoding::of_label(label).map(Some).ok_or_else(unsupported)
}
