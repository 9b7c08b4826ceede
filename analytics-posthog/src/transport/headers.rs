//! The headers of a request.

use std::time::SystemTime;

use analytics_core::json::write_time;
use analytics_delivery::Batch;
use analytics_posthog_encoder::{Protocol, SDK};
use reqwest::header::{
    AUTHORIZATION, CONNECTION, CONTENT_ENCODING, CONTENT_LENGTH, CONTENT_TYPE, HeaderMap, HeaderName, HeaderValue,
    TRANSFER_ENCODING, USER_AGENT,
};

use crate::api_key::ApiKey;
use crate::error::PostHogError;

const SDK_INFO: HeaderName = HeaderName::from_static("posthog-sdk-info");
const ATTEMPT: HeaderName = HeaderName::from_static("posthog-attempt");
const REQUEST_ID: HeaderName = HeaderName::from_static("posthog-request-id");
const REQUEST_TIMESTAMP: HeaderName = HeaderName::from_static("posthog-request-timestamp");

/// Headers that are the backend's to set.
const OWN: [HeaderName; 10] = [
    AUTHORIZATION,
    CONNECTION,
    CONTENT_ENCODING,
    CONTENT_LENGTH,
    CONTENT_TYPE,
    TRANSFER_ENCODING,
    SDK_INFO,
    ATTEMPT,
    REQUEST_ID,
    REQUEST_TIMESTAMP,
];

/// The headers that every request has: those of the configuration, and the backend's own.
pub(super) fn of_all(extra: &[(String, String)], protocol: Protocol) -> Result<HeaderMap, PostHogError> {
    let parse = |(name, value): &(String, String)| {
        let invalid = || PostHogError::Header(name.chars().take(100).collect());
        let name = HeaderName::try_from(name).map_err(|_| invalid())?;
        let mut value = HeaderValue::try_from(value).map_err(|_| invalid())?;
        // It can be a secret.
        value.set_sensitive(true);
        if OWN.contains(&name) && !(protocol == Protocol::V0 && name == AUTHORIZATION) {
            return Err(PostHogError::OwnHeader(name.to_string()));
        }
        Ok((name, value))
    };
    let mut headers: HeaderMap = extra.iter().map(parse).collect::<Result<_, _>>()?;
    headers.insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
    if protocol == Protocol::V1 {
        // It must be there, also through a client of the service's own, which may have none.
        headers.entry(USER_AGENT).or_insert(HeaderValue::from_static(SDK));
        headers.insert(SDK_INFO, HeaderValue::from_static(SDK));
    }
    Ok(headers)
}

/// The headers of one attempt in v1.
pub(super) fn of_attempt(batch: &Batch<'_>, key: &ApiKey, request_id: &str, now: SystemTime) -> HeaderMap {
    let mut timestamp = Vec::new();
    write_time(&mut timestamp, now);
    let mut bearer = HeaderValue::try_from(format!("Bearer {}", key.expose())).ok();
    if let Some(bearer) = &mut bearer {
        bearer.set_sensitive(true);
    }
    let values = [
        (AUTHORIZATION, bearer),
        (ATTEMPT, HeaderValue::from(batch.attempt()).into()),
        (REQUEST_ID, HeaderValue::from_str(request_id).ok()),
        (REQUEST_TIMESTAMP, HeaderValue::from_bytes(&timestamp).ok()),
    ];
    // All of them are ASCII, so none is left out.
    values.into_iter().filter_map(|(name, value)| Some((name, value?))).collect()
}
