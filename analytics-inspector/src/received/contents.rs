//! The events in a body, whatever speaks against them.

use serde::Deserialize;
use serde_json::value::RawValue;
use uuid::Uuid;

/// An event of a request that was refused, as far as it can be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ContainedEvent<'a> {
    pub(crate) name: Option<String>,
    pub(crate) distinct_id: Option<String>,
    pub(crate) uuid: Option<Uuid>,
    /// Its text.
    pub(crate) json: &'a str,
}

#[derive(Deserialize)]
struct Envelope<'a> {
    #[serde(borrow)]
    batch: Option<Vec<&'a RawValue>>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Fields<'a> {
    #[serde(borrow)]
    event: Option<&'a RawValue>,
    #[serde(borrow)]
    uuid: Option<&'a RawValue>,
    #[serde(borrow, alias = "$distinct_id")]
    distinct_id: Option<&'a RawValue>,
    #[serde(borrow)]
    properties: Option<&'a RawValue>,
}

#[derive(Default, Deserialize)]
struct Properties<'a> {
    #[serde(borrow, default)]
    distinct_id: Option<&'a RawValue>,
}

/// The events of an envelope, of an array, or the one that the body is; none if it cannot be read, or holds none.
pub(crate) fn events_in(body: &[u8]) -> Vec<ContainedEvent<'_>> {
    let Ok(text) = std::str::from_utf8(body) else {
        return Vec::new();
    };
    if text.trim_start().starts_with('[') {
        return serde_json::from_str::<Vec<&RawValue>>(text).map(|batch| objects(&batch)).unwrap_or_default();
    }
    match serde_json::from_str::<Envelope<'_>>(text) {
        Ok(Envelope { batch: Some(batch) }) => objects(&batch),
        Ok(Envelope { batch: None }) => {
            // Any object would do, such as one that was sent to a wrong path and is no event at all.
            Some(read(text)).filter(|event| event.name.is_some() || event.distinct_id.is_some()).into_iter().collect()
        }
        Err(_) => Vec::new(),
    }
}

fn objects<'a>(batch: &[&'a RawValue]) -> Vec<ContainedEvent<'a>> {
    batch.iter().map(|raw| raw.get()).filter(|json| json.starts_with('{')).map(read).collect()
}

/// A field that occurs twice makes an event of which nothing is known but that it is there.
fn read(json: &str) -> ContainedEvent<'_> {
    let fields: Fields<'_> = serde_json::from_str(json).unwrap_or_default();
    let in_properties = || {
        let properties = serde_json::from_str::<Properties<'_>>(fields.properties?.get()).unwrap_or_default();
        properties.distinct_id.and_then(text)
    };
    ContainedEvent {
        name: fields.event.and_then(text),
        distinct_id: fields.distinct_id.and_then(text).or_else(in_properties),
        uuid: fields.uuid.and_then(text).and_then(|text| Uuid::try_parse(text.trim()).ok()),
        json,
    }
}

/// A string as what it says, anything else as it is written; an empty one, and `null`, is none.
fn text(raw: &RawValue) -> Option<String> {
    let text = serde_json::from_str::<String>(raw.get()).unwrap_or_else(|_| raw.get().to_owned());
    Some(text).filter(|text| !text.is_empty() && text != "null")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    const UUID: &str = "01890000-0000-7000-8000-000000000001";

    fn read_as(body: &str) -> Vec<(Option<String>, Option<String>, bool)> {
        let events = events_in(body.as_bytes());
        events.into_iter().map(|event| (event.name, event.distinct_id, event.uuid.is_some())).collect()
    }

    #[test]
    fn events_are_found_wherever_the_protocols_have_them() {
        let event = json!({"event": "e", "distinct_id": "u", "uuid": UUID}).to_string();
        let found = vec![(Some("e".to_owned()), Some("u".to_owned()), true)];
        for body in [
            event.clone(),
            format!(" [{event}, 7]"),
            format!(r#"{{"api_key":"k","batch":[{event},null]}}"#),
            event.replace("distinct_id", "$distinct_id"),
            json!({"event": "e", "uuid": UUID, "properties": {"distinct_id": "u"}}).to_string(),
        ] {
            assert_eq!(read_as(&body), found, "{body}");
        }
    }

    #[test]
    fn an_event_that_is_wrong_in_itself_is_found_with_what_can_be_read_of_it() {
        for (event, name, distinct_id) in [
            (r#"{"event":7,"distinct_id":true,"uuid":"x"}"#, Some("7"), Some("true")),
            (r#"{"event":"","distinct_id":null}"#, None, None),
            (r#"{"event":"a","event":"b"}"#, None, None),
        ] {
            let expected = (name.map(str::to_owned), distinct_id.map(str::to_owned), false);
            assert_eq!(read_as(&format!("[{event}]")), [expected], "{event}");
        }
    }

    #[test]
    fn what_holds_no_event_holds_none() {
        for body in ["", "{", "{}", "7", "[]", r#"{"batch":[]}"#, r#"{"foo":1}"#, r#"[{"event":"e"}"#] {
            assert_eq!(read_as(body), [], "{body}");
        }
        assert_eq!(events_in(b"\xff"), []);
    }

    proptest! {
        #[test]
        fn names_and_ids_survive_whatever_they_hold(name in ".+", id in ".+", count in 1_usize..5) {
            prop_assume!(name != "null" && id != "null");
            let event = json!({"event": name, "distinct_id": id, "uuid": UUID});
            let body = json!({"api_key": "k", "batch": vec![event; count]}).to_string();
            let found = events_in(body.as_bytes());
            prop_assert_eq!(found.len(), count);
            for event in &found {
                prop_assert_eq!((event.name.as_deref(), event.distinct_id.as_deref()), (Some(&*name), Some(&*id)));
            }
        }

        #[test]
        fn no_bytes_make_it_panic(body in proptest::collection::vec(any::<u8>(), 0..200)) {
            drop(events_in(&body));
        }
    }
}
