//! The body of a request, as far as its types go.

use std::borrow::Cow;
use std::collections::HashSet;

use serde::{Deserialize, Deserializer};
use serde_json::value::RawValue;
use uuid::Uuid;

use super::options::RawOptions;
use super::refusal::Refusal;
use crate::loss::LossReason;
use crate::time;

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    created_at: Cow<'a, str>,
    #[serde(default, rename = "historical_migration")]
    _historical_migration: bool,
    #[serde(borrow)]
    batch: Vec<&'a RawValue>,
}

/// The fields of an event. One that is missing or of the wrong type costs the whole batch.
#[derive(Deserialize)]
struct Fields<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
    #[serde(borrow)]
    uuid: Cow<'a, str>,
    #[serde(borrow)]
    distinct_id: Cow<'a, str>,
    #[serde(borrow)]
    timestamp: Cow<'a, str>,
    #[serde(rename = "session_id", default)]
    _session_id: Option<Cow<'a, str>>,
    #[serde(rename = "window_id", default)]
    _window_id: Option<Cow<'a, str>>,
    #[serde(default)]
    options: RawOptions,
    #[serde(borrow, default, deserialize_with = "even_null")]
    properties: Option<&'a RawValue>,
}

/// Any value that is there, `null` too.
fn even_null<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<&'de RawValue>, D::Error> {
    <&RawValue>::deserialize(deserializer).map(Some)
}

/// An event whose fields have the right types.
#[derive(Debug)]
pub(super) struct RawEvent<'a> {
    pub(super) uuid: Uuid,
    pub(super) name: Cow<'a, str>,
    pub(super) distinct_id: Cow<'a, str>,
    pub(super) timestamp: Cow<'a, str>,
    pub(super) options: RawOptions,
    /// `None` if there are none.
    pub(super) properties: Option<&'a str>,
    /// The text that it was read from.
    pub(super) json: &'a str,
}

/// Reads the events of a batch.
///
/// # Errors
///
/// What costs the whole batch, in the order in which PostHog's server looks for it.
pub(super) fn read(content: &[u8]) -> Result<Vec<RawEvent<'_>>, Refusal> {
    let envelope: Envelope<'_> =
        serde_json::from_slice(content).map_err(|error| Refusal::unparsable(error.to_string()))?;
    let mut fields = Vec::with_capacity(envelope.batch.len());
    for (index, raw) in envelope.batch.iter().enumerate() {
        let read: Fields<'_> =
            serde_json::from_str(raw.get()).map_err(|error| Refusal::unparsable(format!("event {index}: {error}")))?;
        fields.push((read, raw.get()));
    }
    if fields.is_empty() {
        return Err(Refusal::bad_request(LossReason::EmptyBatch, "request batch is empty"));
    }
    if time::parse(&envelope.created_at).is_none() {
        let text = "invalid batch: created_at is not valid RFC 3339";
        return Err(Refusal::bad_request(LossReason::InvalidBatch, text));
    }
    let mut uuids = HashSet::with_capacity(fields.len());
    fields.into_iter().map(|(fields, json)| identify(fields, json, &mut uuids)).collect()
}

fn identify<'a>(fields: Fields<'a>, json: &'a str, uuids: &mut HashSet<Uuid>) -> Result<RawEvent<'a>, Refusal> {
    let text = fields.uuid.trim();
    if text.is_empty() {
        return Err(Refusal::bad_request(LossReason::MissingEventUuid, "event submitted without a uuid"));
    }
    let Ok(uuid) = Uuid::try_parse(text) else {
        return Err(Refusal::bad_request(
            LossReason::InvalidEventUuid,
            format!("event submitted with an invalid uuid: {text}"),
        ));
    };
    if !uuids.insert(uuid) {
        return Err(Refusal::bad_request(LossReason::DuplicateEventUuid, format!("duplicate event uuid: {uuid}")));
    }
    Ok(RawEvent {
        uuid,
        name: fields.event,
        distinct_id: fields.distinct_id,
        timestamp: fields.timestamp,
        options: fields.options,
        properties: fields.properties.map(RawValue::get),
        json,
    })
}
