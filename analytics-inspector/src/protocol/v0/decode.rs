//! From the text of a body to events, or to the reason why there are none.

use std::borrow::Cow;

use uuid::Uuid;

use super::event::RawEvent;
use super::request::RawRequest;
use crate::loss::LossReason;
use crate::protocol::refusal::Refusal;
use crate::protocol::{silent, token};
use crate::received::ReceivedEvent;

/// The server drops events of this name without a word.
const DROPPED_NAME: &str = "$performance_event";

/// A body that could be read.
#[derive(Debug)]
pub(crate) struct Decoded<'a> {
    pub(crate) api_key: Option<String>,
    pub(crate) sent_at: Option<String>,
    /// How many events it holds.
    pub(crate) count: usize,
    /// Its events, unless one rule or another refuses them all.
    pub(crate) verdict: Result<Vec<DecodedEvent<'a>>, Refusal>,
}

/// An event that passed all rules.
#[derive(Debug)]
pub(crate) struct DecodedEvent<'a> {
    uuid: Option<Uuid>,
    event: Cow<'a, str>,
    distinct_id: Cow<'a, str>,
    timestamp: Option<Cow<'a, str>>,
    json: &'a str,
    dropped: Option<LossReason>,
    is_personless: bool,
}

/// Reads a body as PostHog's server does and judges its events in the same order of rules.
///
/// # Errors
///
/// The text is not an envelope, an event or an array of events.
pub(crate) fn decode(text: &str, is_engage: bool) -> Result<Decoded<'_>, Refusal> {
    let request = RawRequest::read(text, is_engage)?;
    let token = request.token();
    Ok(Decoded {
        api_key: token.as_deref().ok().map(str::to_owned),
        sent_at: request.sent_at.as_deref().map(str::to_owned),
        count: request.events.len(),
        verdict: judge(request, token),
    })
}

fn judge<'a>(request: RawRequest<'a>, token: Result<Cow<'a, str>, Refusal>) -> Result<Vec<DecodedEvent<'a>>, Refusal> {
    if request.events.is_empty() {
        return Err(Refusal::bad_request(LossReason::EmptyBatch, "request holds no event"));
    }
    let events = request.events;
    if events.iter().all(|event| event.name == DROPPED_NAME) {
        let text = "request holds no event of a kind that is kept";
        return Err(Refusal::bad_request(LossReason::PerformanceEvent, text));
    }
    token::check_shape(&token?)?;
    events.into_iter().map(DecodedEvent::judge).collect()
}

impl<'a> DecodedEvent<'a> {
    fn judge(event: RawEvent<'a>) -> Result<Self, Refusal> {
        if event.name == DROPPED_NAME {
            let distinct_id = event.distinct_id().unwrap_or_default();
            return Ok(Self::new(event, distinct_id, Some(LossReason::PerformanceEvent)));
        }
        if event.name.is_empty() {
            let text = "event submitted with an empty event name";
            return Err(Refusal::bad_request(LossReason::MissingEventName, text));
        }
        let Some(distinct_id) = event.distinct_id() else {
            let text = "event submitted without a distinct_id";
            return Err(Refusal::bad_request(LossReason::MissingDistinctId, text));
        };
        if !event.properties.is_cookieless_mode_valid {
            let text = "event submitted with a $cookieless_mode that is not a boolean";
            return Err(Refusal::bad_request(LossReason::InvalidCookielessMode, text));
        }
        let dropped = silent::reason(&event.name, event.properties.traits, event.json);
        Ok(Self::new(event, distinct_id, dropped))
    }

    fn new(event: RawEvent<'a>, distinct_id: Cow<'a, str>, dropped: Option<LossReason>) -> Self {
        let RawEvent { name, uuid, timestamp, properties, json, .. } = event;
        let is_personless = properties.traits.is_personless;
        Self { uuid, event: name, distinct_id, timestamp, json, dropped, is_personless }
    }

    pub(crate) fn name(&self) -> &str {
        &self.event
    }

    /// The size of its JSON.
    pub(crate) fn bytes(&self) -> usize {
        self.json.len()
    }

    /// The event as it is remembered, without the number of its request.
    pub(crate) fn into_received(self) -> ReceivedEvent {
        let timestamp = self.timestamp.map(Cow::into_owned);
        let (name, distinct_id) = (self.event.into_owned(), self.distinct_id.into_owned());
        let event = ReceivedEvent::new(self.uuid, name, distinct_id, timestamp, self.json);
        ReceivedEvent { dropped: self.dropped, is_personless: self.is_personless, ..event }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Text that is nearly a body: JSON tokens and the protocol's own words in any order.
    fn nearly_a_body() -> impl Strategy<Value = String> {
        let words = [
            "{",
            "}",
            "[",
            "]",
            ",",
            ":",
            "null",
            "true",
            "1e999",
            "-1",
            "\"\"",
            "\"\\ud800\"",
            "\"batch\"",
            "\"api_key\"",
            "\"token\"",
            "\"event\"",
            "\"distinct_id\"",
            "\"uuid\"",
            "\"properties\"",
            "\"timestamp\"",
            "\"$set\"",
            "\"offset\"",
            "\"sent_at\"",
            "\"ü\"",
        ];
        proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..60).prop_map(|words| words.concat())
    }

    proptest! {
        #[test]
        fn no_text_makes_the_decoder_panic(text in any::<String>(), is_engage in any::<bool>()) {
            drop(decode(&text, is_engage));
        }

        #[test]
        fn no_text_of_the_protocols_words_makes_the_decoder_panic(
            text in nearly_a_body(),
            is_engage in any::<bool>(),
        ) {
            drop(decode(&text, is_engage));
        }

        #[test]
        fn what_is_cut_short_is_never_accepted(cut in 0usize..120) {
            let whole = r#"{"api_key":"phc_x","batch":[{"event":"e","distinct_id":"u","properties":{"a":"b"}}],"sent_at":"2026-01-01T00:00:00Z"}"#;
            prop_assume!(cut < whole.len());
            let accepted = decode(&whole[..cut], false).is_ok_and(|body| body.verdict.is_ok());
            prop_assert!(!accepted);
        }

        #[test]
        fn strings_survive_whatever_they_hold(name in ".+", id in "u[^\\x00]{0,199}", value in any::<String>()) {
            let event = serde_json::json!({"event": name, "distinct_id": id, "properties": {"k": value}});
            let text = serde_json::json!({"api_key": "phc_x", "batch": [event]}).to_string();
            let events = decode(&text, false).unwrap().verdict.unwrap();
            let received = events.into_iter().next().unwrap().into_received();
            prop_assert_eq!(&received.event, &name);
            prop_assert_eq!(&received.distinct_id, &id);
            prop_assert_eq!(received.property("k").unwrap(), value);
            prop_assert_eq!(received.json(), event.to_string());
        }
    }
}
