//! The three shapes of a body.

use std::borrow::Cow;

use serde_json::value::RawValue;

use super::envelope::Envelope;
use super::event::RawEvent;
use crate::loss::LossReason;
use crate::protocol::refusal::Refusal;

/// The name that `/engage` gives to an event without one.
const ENGAGE_NAME: &str = "$identify";

/// A body, read and not yet judged.
#[derive(Debug)]
pub(super) struct RawRequest<'a> {
    /// The key of the envelope; events have their own where there is no envelope.
    envelope_token: Option<Cow<'a, str>>,
    pub(super) sent_at: Option<Cow<'a, str>>,
    pub(super) events: Vec<RawEvent<'a>>,
}

impl<'a> RawRequest<'a> {
    /// Reads an array of events, else an envelope, else one event: the order in which PostHog's
    /// server tries.
    ///
    /// # Errors
    ///
    /// The text is none of these, and it says why it is not what it resembles most.
    pub(super) fn read(text: &'a str, is_engage: bool) -> Result<Self, Refusal> {
        let text = text.trim_matches([' ', '\t', '\r', '\n']);
        let read = if text.starts_with('[') {
            Self::read_array(text)
        } else {
            match Self::read_envelope(text) {
                Ok(Some(request)) => Ok(request),
                Ok(None) => Self::read_event(text, is_engage),
                Err(error) => Self::read_event(text, is_engage).map_err(|_| error),
            }
        };
        read.map_err(|error| Refusal::unparsable(&error))
    }

    fn read_array(text: &'a str) -> serde_json::Result<Self> {
        Ok(Self {
            envelope_token: None,
            sent_at: None,
            events: read_events(&serde_json::from_str::<Vec<&RawValue>>(text)?)?,
        })
    }

    /// Reads an envelope; `None` if the text has no batch.
    fn read_envelope(text: &'a str) -> serde_json::Result<Option<Self>> {
        let envelope: Envelope<'_> = serde_json::from_str(text)?;
        let Some(batch) = envelope.batch else {
            return Ok(None);
        };
        let token = envelope.token.ok_or_else(|| missing("api_key"))?;
        Ok(Some(Self { envelope_token: Some(token), sent_at: envelope.sent_at, events: read_events(&batch)? }))
    }

    fn read_event(text: &'a str, is_engage: bool) -> serde_json::Result<Self> {
        let name_by_route = is_engage.then_some(ENGAGE_NAME);
        Ok(Self { envelope_token: None, sent_at: None, events: vec![RawEvent::read(text, name_by_route)?] })
    }

    /// The project key: the envelope's, or the one that all events agree on.
    ///
    /// # Errors
    ///
    /// There is none, or there are several.
    pub(super) fn token(&self) -> Result<Cow<'a, str>, Refusal> {
        if let Some(token) = &self.envelope_token {
            return Ok(token.clone());
        }
        let mut tokens = self.events.iter().filter_map(RawEvent::token);
        let missing = || Refusal::unauthorized(LossReason::MissingApiKey, "event submitted without an api_key");
        let first = tokens.next().ok_or_else(missing)?;
        if tokens.any(|token| token != first) {
            let text = "batch submitted with inconsistent api_key values";
            return Err(Refusal::unauthorized(LossReason::InconsistentApiKeys, text));
        }
        Ok(first.clone())
    }
}

fn read_events<'a>(batch: &[&'a RawValue]) -> serde_json::Result<Vec<RawEvent<'a>>> {
    let read = |(index, raw): (usize, &&'a RawValue)| {
        RawEvent::read(raw.get(), None).map_err(|error| serde::de::Error::custom(format!("event {index}: {error}")))
    };
    batch.iter().enumerate().map(read).collect()
}

fn missing(field: &'static str) -> serde_json::Error {
    serde::de::Error::missing_field(field)
}
