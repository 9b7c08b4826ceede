use proptest::prelude::*;

use super::batch;

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
        "\"\"",
        "\"\\ud800\"",
        "\"batch\"",
        "\"created_at\"",
        "\"event\"",
        "\"distinct_id\"",
        "\"uuid\"",
        "\"properties\"",
        "\"timestamp\"",
        "\"options\"",
        "\"2026-01-01T00:00:00Z\"",
        "\"01890000-0000-7000-8000-000000000001\"",
    ];
    proptest::collection::vec(proptest::sample::select(words.to_vec()), 0..60).prop_map(|words| words.concat())
}

proptest! {
    #[test]
    fn no_bytes_make_the_decoder_panic(bytes in proptest::collection::vec(any::<u8>(), 0..200)) {
        drop(batch::read(&bytes));
    }

    #[test]
    fn no_text_of_the_protocols_words_makes_the_decoder_panic(text in nearly_a_body(), is_ai in any::<bool>()) {
        for event in batch::read(text.as_bytes()).unwrap_or_default() {
            event.into_verdict(is_ai);
        }
    }

    #[test]
    fn no_event_makes_the_verdict_panic(name in "\\PC*", id in "\\PC*", time in "\\PC*", options in "\\PC*") {
        let event = serde_json::json!({
            "event": name, "distinct_id": id, "timestamp": time, "options": options,
            "uuid": "01890000-0000-7000-8000-000000000001", "properties": {"k": id},
        });
        let body = serde_json::json!({"created_at": "2026-01-01T00:00:00Z", "batch": [event]}).to_string();
        for event in batch::read(body.as_bytes()).unwrap() {
            let received = event.into_verdict(false).event;
            prop_assert_eq!(received.json(), event_text(&body));
        }
    }
}

fn event_text(body: &str) -> &str {
    let start = body.find('[').unwrap() + 1;
    &body[start..body.find(r#"],"created_at""#).unwrap()]
}
