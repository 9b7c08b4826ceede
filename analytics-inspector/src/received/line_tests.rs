use super::*;
use crate::received::event::LARGE;
use crate::terminal::MAX_LINE_BYTES;

fn event(distinct_id: &str, name: &str, json: &str) -> ReceivedEvent {
    ReceivedEvent::new(None, name.to_owned(), distinct_id.to_owned(), None, json)
}

fn line(distinct_id: &str, name: &str, json: &str) -> String {
    event(distinct_id, name, json).to_string()
}

#[test]
fn properties_stand_in_the_order_sent_and_those_of_the_vendor_are_left_out() {
    let json = r#"{"properties":{"tool_name":"search","$lib":"x","\u0024x":1,"session_id":"s1","n":3,"o":{"a":[1]}}}"#;
    assert_eq!(
        line("u1", "copilot_tool_called", json),
        r#"u1 copilot_tool_called tool_name=search session_id=s1 n=3 o={"a":[1]}"#
    );
    assert_eq!(event("u1", "e", json).preview(), r#"tool_name=search session_id=s1 n=3 o={"a":[1]}"#);
}

#[test]
fn what_a_terminal_would_act_on_is_escaped() {
    let json = r#"{"properties":{"k\u001b[2J":"a\nb\u202ec"}}"#;
    assert_eq!(line("u\u{7}", "n\u{9b}", json), r"u\u{7} n\u{9b} k\u{1b}[2J=a\nb\u{202e}c");
}

#[test]
fn text_that_is_not_one_word_is_quoted_and_long_text_is_cut() {
    let json = format!(r#"{{"properties":{{"a":"x y","b":"","c":"{}"}}}}"#, "z".repeat(201));
    assert_eq!(line("u 1", "e", &json), format!(r#""u 1" e a="x y" b="" c={}…"#, "z".repeat(200)));
}

#[test]
fn what_only_the_second_protocol_lets_pass_is_shown_as_far_as_it_can_be_read() {
    assert_eq!(line("u", "e", r#"{"properties":{"a\ud800":"b\udc00","n":1e999}}"#), "u e a\u{fffd}=b\u{fffd} n=1e999");
}

/// Events of 4 MB, each large in another place.
fn large_events() -> [(&'static str, ReceivedEvent); 6] {
    const MB: usize = 4_000_000;
    let escaped = r"\u0041".repeat(MB / 6);
    let many: Vec<_> = (0..MB / 20).map(|n| format!(r#""key_{n:07}":{n}"#)).collect();
    let properties = |json: &str| event("u", "e", &format!(r#"{{"properties":{{{json}}}}}"#));
    [
        ("a value", properties(&format!(r#""k":"{}","l":1"#, "x".repeat(MB)))),
        ("a value of escapes", properties(&format!(r#""k":"{escaped}","l":1"#))),
        ("a key of escapes", properties(&format!(r#""{escaped}":1,"l":1"#))),
        ("many properties", properties(&many.join(","))),
        ("nesting", properties(&format!(r#""k":[{}1]"#, "1,".repeat(MB / 2)))),
        ("a name and an actor", event(&"u".repeat(MB / 2), &"e ".repeat(MB / 4), "{}")),
    ]
}

#[test]
fn an_event_of_megabytes_is_a_line_of_at_most_1_kib_and_costs_no_more_memory() {
    for (what, event) in large_events() {
        let mut line = String::new();
        let memory = allocation_counter::measure(|| line = event.to_string());
        assert!(line.len() <= MAX_LINE_BYTES && line.contains('…'), "{what}: {} bytes", line.len());
        assert!(memory.bytes_max < 8 * 1024, "{what}: {} bytes", memory.bytes_max);
        let memory = allocation_counter::measure(|| line = event.written_preview());
        assert!(line.len() <= MAX_LINE_BYTES && memory.bytes_max < 8 * 1024, "{what}: {} bytes", memory.bytes_max);
    }
}

#[test]
fn a_preview_says_first_who_is_who_and_is_the_same_of_a_large_event() {
    for padding in [0, LARGE] {
        let padding = "x".repeat(padding);
        let json = |properties: &str| format!(r#"{{"properties":{{{properties}}},"padding":"{padding}"}}"#);
        for (name, properties, expected) in [
            ("$identify", r#""$anon_distinct_id":"a\n1","plan":"pro""#, r"$anon_distinct_id=a\n1 plan=pro"),
            ("$identify", r#""$anon_distinct_id":7"#, ""),
            ("$groupidentify", r#""$group_type":"team","$group_key":"t 1""#, "$group_type=team $group_key=t 1"),
            ("e", r#""$anon_distinct_id":"a1","n":1"#, "n=1"),
        ] {
            assert_eq!(event("u", name, &json(properties)).preview(), expected, "{name} {properties}");
        }
    }
}
