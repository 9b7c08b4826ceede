//! What to change, for each reason.

use super::reason::LossReason;

impl LossReason {
    /// One sentence that says what to change.
    pub(crate) const fn fix(self) -> &'static str {
        match self {
            Self::PerformanceEvent | Self::DroppedPerformanceEvent => {
                "Send no $performance_event: PostHog drops them on sight."
            }
            Self::EventTooBig => "Send less with the event: PostHog's queue takes no message of 1 MB or more.",
            Self::PersonEventWithoutProfile => {
                "Leave $process_person_profile: false out of $identify, $create_alias and $merge_dangerously, or leave \
                 the event out: it has no effect without a person."
            }
            Self::MergeIdNotText => "Send alias and $anon_distinct_id as strings, not as numbers or objects.",
            Self::GroupKeyTooLong => "Give $groupidentify a $group_key of at most 400 characters.",
            Self::CookielessWithoutClient => {
                "Send $raw_user_agent and $host with $cookieless_mode, or leave $cookieless_mode out."
            }
            Self::UuidReused => {
                "Give each event a uuid of its own: of those with the same day, name, actor and uuid PostHog keeps one, \
                 and these differ in their properties."
            }
            Self::MissingEventName => "Give the event a name that is not empty.",
            Self::EventNameTooLong => {
                "Give the event a name of at most 200 bytes, and put what varies into properties."
            }
            Self::MissingDistinctId => "Send a distinct_id that is not empty with every event.",
            Self::DistinctIdTooLarge => "Send a distinct_id of at most 200 bytes, a stable id of the user say.",
            Self::InvalidEventTimestamp => "Send the timestamp as RFC 3339, such as 2026-01-02T03:04:05.678Z.",
            Self::MalformedEventProperties => "Send properties as an object, or leave them out.",
            Self::InvalidOptions => {
                "Send the event's options as an object whose flags are booleans, or leave them out."
            }
            Self::InvalidCookielessMode => "Send $cookieless_mode as true or false, or leave it out.",
            Self::MisroutedEvent => {
                "Send to the AI routes only events whose name begins with $ai_, and all others to /batch or \
                 /i/v1/analytics/events."
            }
            Self::AiEventTooBig => {
                "Send less with the AI event: cut long prompts and answers before they are captured."
            }
            Self::EmptyBatch => "Send no batch without events.",
            Self::InvalidBatch => "Send created_at of the batch as RFC 3339, such as 2026-01-02T03:04:05.678Z.",
            Self::MissingEventUuid => "Give every event of a v1 batch a uuid.",
            Self::InvalidEventUuid => "Send the event's uuid as a UUID, 36 characters with hyphens.",
            Self::DuplicateEventUuid => "Send each event once in a batch, or give each a uuid of its own.",
            Self::MissingAuthorization => "Send the project key in the header Authorization: Bearer phc_….",
            Self::MissingApiKey => "Send the project key as api_key, of the batch or of each event.",
            Self::InconsistentApiKeys => "Send one project key for all events of a request.",
            Self::InvalidApiToken => {
                "Use the project key, which begins with phc_ and has at most 64 ASCII characters: not a personal key \
                 (phx_), nor an empty one."
            }
            Self::MissingRequiredHeaders => "Send the headers that the refusal names with every v1 request.",
            Self::InvalidHeaderValue => "Send the header that the refusal names in the form that it asks for.",
            Self::UnsupportedContentType => "Send v1 batches with Content-Type: application/json.",
            Self::UnsupportedEncoding => {
                "Compress the body as gzip (in v1 also deflate, br or zstd) and name that in Content-Encoding, or send \
                 it plain; lz-string is not read here."
            }
            Self::InvalidQuery => "Correct the query that the refusal names: beacon, for one, is 0 or 1.",
            Self::UnknownPath => {
                "Send events to /batch/, or to /i/v1/analytics/events; the host is set without a path behind it."
            }
            Self::EmptyBody => "Send the events in the body of a POST, or in data of the query.",
            Self::BodyBrokenOff => {
                "Wait for the answer before the connection is closed, or flush before the program ends."
            }
            Self::BodyReadTimeout => "Send the body in one go: it stopped coming, or took too long.",
            Self::PayloadTooLarge => "Send fewer events in one request, each batch well below the limit that is named.",
            Self::RequestDecodingError => "Compress the whole body as its Content-Encoding says, and send UTF-8.",
            Self::RequestParsingError => {
                "Send JSON with the fields and types of the protocol; the refusal names the place."
            }
            Self::BillingLimitExceeded => {
                "Raise the project's billing limit or send fewer events: over it PostHog stores none, even where it \
                 answers 200."
            }
            Self::ServiceUnavailable => "Send it again later: the inspector had no room or no time for it.",
            Self::ArmedFault => {
                "Have the sender send it again, and flush before it ends: an armed fault kept it out, and nothing \
                 delivered it afterwards."
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    /// Much longer ones would be cut where they end a line.
    const MAX_BYTES: usize = 200;

    #[test]
    fn every_reason_has_a_word_of_its_own_and_one_sentence_that_says_what_to_do() {
        let words: HashSet<&str> = LossReason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(words.len(), LossReason::ALL.len());
        for reason in LossReason::ALL {
            let (word, fix) = (reason.as_str(), reason.fix());
            assert!(word.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_'), "{word}");
            assert!(fix.starts_with(|first: char| first.is_ascii_uppercase()) && fix.ends_with('.'), "{word}: {fix}");
            assert!(!fix.contains(". ") && fix.len() <= MAX_BYTES && !fix.contains("  "), "{word}: {fix}");
        }
    }
}
