//! The words, which stay what they are: programs match on them.

use serde::{Serialize, Serializer};

/// Why PostHog does not store an event, or any of a request. Where its source has a word for it, it is that one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub(crate) enum LossReason {
    // After a 200, without a word.
    PerformanceEvent,
    EventTooBig,
    PersonEventWithoutProfile,
    MergeIdNotText,
    GroupKeyTooLong,
    CookielessWithoutClient,
    UuidReused,
    // Of one event: in v1 it is dropped alone, in v0 it costs the request.
    DroppedPerformanceEvent,
    MissingEventName,
    EventNameTooLong,
    MissingDistinctId,
    DistinctIdTooLarge,
    InvalidEventTimestamp,
    MalformedEventProperties,
    InvalidOptions,
    InvalidCookielessMode,
    MisroutedEvent,
    AiEventTooBig,
    // Of the events of a request.
    EmptyBatch,
    InvalidBatch,
    MissingEventUuid,
    InvalidEventUuid,
    DuplicateEventUuid,
    // Of its key.
    MissingAuthorization,
    MissingApiKey,
    InconsistentApiKeys,
    InvalidApiToken,
    // Of its head.
    MissingRequiredHeaders,
    InvalidHeaderValue,
    UnsupportedContentType,
    UnsupportedEncoding,
    InvalidQuery,
    UnknownPath,
    // Of its body.
    EmptyBody,
    BodyBrokenOff,
    BodyReadTimeout,
    PayloadTooLarge,
    RequestDecodingError,
    RequestParsingError,
    // Of the server.
    BillingLimitExceeded,
    ServiceUnavailable,
    ArmedFault,
}

analytics_rules::words! {
    LossReason {
        PerformanceEvent = "performance_event",
        EventTooBig = "event_too_big",
        PersonEventWithoutProfile = "person_event_without_profile",
        MergeIdNotText = "merge_id_not_text",
        GroupKeyTooLong = "group_key_too_long",
        CookielessWithoutClient = "cookieless_without_client",
        UuidReused = "uuid_reused",
        DroppedPerformanceEvent = "dropped_performance_event",
        MissingEventName = "missing_event_name",
        EventNameTooLong = "event_name_too_long",
        MissingDistinctId = "missing_distinct_id",
        DistinctIdTooLarge = "distinct_id_too_large",
        InvalidEventTimestamp = "invalid_event_timestamp",
        MalformedEventProperties = "malformed_event_properties",
        InvalidOptions = "invalid_options",
        InvalidCookielessMode = "invalid_cookieless_mode",
        MisroutedEvent = "misrouted_event",
        AiEventTooBig = "ai_event_too_big",
        EmptyBatch = "empty_batch",
        InvalidBatch = "invalid_batch",
        MissingEventUuid = "missing_event_uuid",
        InvalidEventUuid = "invalid_event_uuid",
        DuplicateEventUuid = "duplicate_event_uuid",
        MissingAuthorization = "missing_authorization",
        MissingApiKey = "missing_api_key",
        InconsistentApiKeys = "inconsistent_api_keys",
        InvalidApiToken = "invalid_api_token",
        MissingRequiredHeaders = "missing_required_headers",
        InvalidHeaderValue = "invalid_header_value",
        UnsupportedContentType = "unsupported_content_type",
        UnsupportedEncoding = "unsupported_encoding",
        InvalidQuery = "invalid_query",
        UnknownPath = "unknown_path",
        EmptyBody = "empty_body",
        BodyBrokenOff = "body_broken_off",
        BodyReadTimeout = "body_read_timeout",
        PayloadTooLarge = "payload_too_large",
        RequestDecodingError = "request_decoding_error",
        RequestParsingError = "request_parsing_error",
        BillingLimitExceeded = "billing_limit_exceeded",
        ServiceUnavailable = "service_unavailable",
        ArmedFault = "armed_fault",
    }
}

impl Serialize for LossReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}
