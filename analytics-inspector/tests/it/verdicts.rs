//! Which bodies are accepted, and the exact status of those that are not.

use crate::client::post;
use crate::{batch, event, inspector};

const TOKEN_64: &str = "ptoken64ptoken64ptoken64ptoken64ptoken64ptoken64ptoken64ptoken64";

/// The status of an envelope with one event that has these fields beside `event`.
fn with_fields(fields: &str) -> String {
    batch(&[format!(r#"{{"event":"e",{fields}}}"#)])
}

/// The status of an envelope with one event whose properties are these.
fn with_properties(properties: &str) -> String {
    with_fields(&format!(r#""distinct_id":"u","properties":{properties}"#))
}

fn with_token(token: &str) -> String {
    let token = serde_json::to_string(token).unwrap();
    format!(r#"{{"api_key":{token},"batch":[{}]}}"#, event(1))
}

fn check(path: &str, cases: &[(u16, String)]) {
    let inspector = inspector();
    for (expected, body) in cases {
        let answer = post(inspector.addr(), path, body);
        assert_eq!(answer.status, *expected, "{path} {body}: {}", answer.body);
        let totals = inspector.totals();
        assert_eq!(totals.events_accepted > 0, *expected == 200, "{path} {body}");
        let reason = inspector.requests().remove(0).reason;
        assert_eq!(reason.is_some(), *expected != 200, "{path} {body}");
        inspector.reset();
    }
}

#[test]
fn the_envelope_has_to_have_a_key_and_at_least_one_event() {
    check(
        "/batch/",
        &[
            (200, batch(&[event(1)])),
            (200, format!(r#"{{"token":"phc_x","batch":[{}]}}"#, event(1))),
            (
                200,
                format!(
                    r#"{{"batch":[{}],"historical_migration":true,"x":[{{"x":1,"x":2}}],"api_key":"k"}}"#,
                    event(1)
                ),
            ),
            (200, format!(r#"{{"batch":[{}],"historical_migration":null,"sent_at":null,"api_key":"k"}}"#, event(1))),
            (200, format!("\r\n {}\t\n", batch(&[event(1)]))),
            (400, String::new()),
            (400, " ".to_owned()),
            (400, "not json".to_owned()),
            (400, "7".to_owned()),
            (400, "null".to_owned()),
            (400, "{}".to_owned()),
            (400, "[]".to_owned()),
            (400, batch(&[])),
            (400, format!("{},", batch(&[event(1)]))),
            (400, format!(r#"{{"batch":[{}]}}"#, event(1))),
            (400, format!(r#"{{"api_key":7,"batch":[{}]}}"#, event(1))),
            (400, format!(r#"{{"api_key":null,"batch":[{}]}}"#, event(1))),
            (400, format!(r#"{{"api_key":"k","token":"k","batch":[{}]}}"#, event(1))),
            (400, format!(r#"{{"api_key":"k","sent_at":7,"batch":[{}]}}"#, event(1))),
            (400, format!(r#"{{"api_key":"k","historical_migration":"yes","batch":[{}]}}"#, event(1))),
            (400, format!(r#"{{"api_key":"k","x":"\ud800","batch":[{}]}}"#, event(1))),
            (400, r#"{"api_key":"k","batch":{}}"#.to_owned()),
            (400, r#"{"api_key":"k","batch":[null]}"#.to_owned()),
            (400, r#"{"api_key":"k","batch":["e"]}"#.to_owned()),
        ],
    );
}

#[test]
fn an_event_with_a_field_of_the_wrong_type_refuses_the_whole_request() {
    let id = r#""distinct_id":"u""#;
    let cases = [
        (200, r#""timestamp":"whenever""#),
        (200, r#""timestamp":null"#),
        (400, r#""timestamp":1700000000"#),
        (200, r#""offset":-5"#),
        (200, r#""offset":null"#),
        (400, r#""offset":1.5"#),
        (400, r#""offset":"5""#),
        (200, r#""$set":{},"$set_once":null"#),
        (400, r#""$set":[]"#),
        (400, r#""$set_once":"x""#),
        (200, r#""uuid":null"#),
        (200, r#""uuid":"""#),
        (200, r#""uuid":"01890000000070008000000000000001""#),
        (200, r#""uuid":"01890000-0000-1000-8000-00000000000A""#),
        (400, r#""uuid":"01890000-0000-7000-8000-00000000000""#),
        (400, r#""uuid":"01890000-0000-7000-8000-00000000000g""#),
        (400, r#""uuid":7"#),
        (200, r#""token":"of-the-event""#),
        (400, r#""token":7"#),
        (200, r#""unknown":{"x":[1,2,{}]},"unknown":1"#),
        (400, r#""unknown":"\udc00""#),
        (400, r#""timestamp":"t","timestamp":"t""#),
        (400, r#""distinct_id":"u""#),
        (400, r#""$distinct_id":"u""#),
        (400, r#""token":"t","api_key":"t""#),
        (400, r#""event":"e""#),
        (400, r#""uuid":null,"uuid":null"#),
    ];
    let cases = cases.map(|(expected, field)| (expected, with_fields(&format!("{id},{field}"))));
    check("/batch", &cases);
    check("/batch", &[(400, batch(&[event(1), event(2), r#"{"distinct_id":"u"}"#.to_owned()]))]);
    check("/batch", &[(400, batch(&[event(1), r#"{"distinct_id":"u","event":null}"#.to_owned()]))]);
}

#[test]
fn properties_have_to_be_an_object_and_valid_all_the_way_down() {
    let deep = |levels| format!(r#"{{"a":{}{}}}"#, "[".repeat(levels), "]".repeat(levels));
    check(
        "/batch",
        &[
            (200, with_properties("{}")),
            (200, with_properties(r#"{"a":1,"a":2}"#)),
            (200, with_properties(r#"{"a":340282366920938463463374607431768211456}"#)),
            (200, with_properties(r#"{"a":1e308}"#)),
            (200, with_properties(r#"{"a":"\ud83d\ude00 \u0000"}"#)),
            (200, with_properties(r#"{"$cookieless_mode":false}"#)),
            (200, with_properties(&deep(100))),
            (400, with_properties(&deep(200))),
            (400, with_properties("null")),
            (400, with_properties("[]")),
            (400, with_properties(r#""a""#)),
            (400, with_properties(r#"{"a":NaN}"#)),
            (400, with_properties(r#"{"a":1e309}"#)),
            (400, with_properties(r#"{"a":{"b":["\ud800"]}}"#)),
            (400, with_properties(r#"{"a":"\ud800x"}"#)),
            (400, with_properties(r#"{"\ud800":1}"#)),
            (400, with_properties("{\"a\":\"\n\"}")),
            (400, with_properties(r#"{"a":1,}"#)),
            (400, with_properties(r#"{"$cookieless_mode":"true"}"#)),
            (400, with_properties(r#"{"$cookieless_mode":null}"#)),
        ],
    );
}

#[test]
fn one_event_without_a_name_or_an_actor_refuses_the_whole_request() {
    check(
        "/batch",
        &[
            (200, with_fields(r#""distinct_id":7"#)),
            (200, with_fields(r#""distinct_id":{"a":[]}"#)),
            (200, with_fields(r#""$distinct_id":"u""#)),
            (200, with_fields(r#""distinct_id":null,"properties":{"distinct_id":"u"}"#)),
            (200, with_fields(r#""properties":{"distinct_id":null,"distinct_id":true}"#)),
            (400, with_fields(r#""distinct_id":"""#)),
            (400, with_fields(r#""distinct_id":" \t\u2003""#)),
            (400, with_fields(r#""distinct_id":"","properties":{"distinct_id":"u"}"#)),
            (400, with_fields(r#""distinct_id":null"#)),
            (400, with_fields(r#""properties":{"distinct_id":null}"#)),
            (400, with_fields(r#""properties":{"$distinct_id":"u"}"#)),
            (400, batch(&[event(1), r#"{"event":"","distinct_id":"u"}"#.to_owned()])),
            (400, batch(&[event(1), r#"{"event":"e"}"#.to_owned()])),
        ],
    );
}

#[test]
fn a_key_that_no_project_can_have_is_unauthorized() {
    check(
        "/batch",
        &[
            (200, with_token("anything")),
            (200, with_token(TOKEN_64)),
            (200, with_token(&format!(" {TOKEN_64}\n"))),
            (401, with_token(&format!("{TOKEN_64}x"))),
            (401, with_token("")),
            (401, with_token(" \n")),
            (401, with_token("phx_private")),
            (401, with_token("schlüssel")),
            (401, with_token("a\0b")),
        ],
    );
}

#[test]
fn single_events_and_arrays_bring_their_own_key() {
    let event = |name: &str, token: &str| format!(r#"{{"event":"{name}","distinct_id":"u"{token}}}"#);
    let one = event("e", r#","token":"a""#);
    let other = event("e", r#","token":"b""#);
    let none = event("e", "");
    for path in ["/batch", "/i/v0/e/", "/e/", "/capture", "/track/", "/engage"] {
        check(
            path,
            &[
                (200, one.clone()),
                (200, event("e", r#","api_key":"a""#)),
                (200, event("e", r#","$token":"a""#)),
                (200, event("e", r#","properties":{"token":"a"}"#)),
                (200, format!("[{one},{none},{one}]")),
                (401, event("e", r#","properties":{"token":7}"#)),
                (401, event("e", r#","token":"phx_a""#)),
                (401, none.clone()),
                (401, format!("[{none},{none}]")),
                (401, format!("[{one},{other}]")),
                (400, event("", r#","token":"a""#)),
                (400, "[]".to_owned()),
                (400, format!("[{one},{{}}]")),
            ],
        );
    }
}

#[test]
fn only_engage_names_what_has_no_name() {
    let nameless = r#"{"token":"k","distinct_id":"u","$set":{"a":1}}"#.to_owned();
    check("/e", &[(400, nameless.clone())]);
    check("/batch", &[(400, nameless.clone())]);
    let inspector = inspector();
    assert_eq!(post(inspector.addr(), "/engage/", nameless).status, 200);
    assert_eq!(inspector.events_named("$identify").len(), 1);
}

#[test]
fn performance_events_are_lost_silently_and_alone_they_are_refused() {
    let performance = r#"{"event":"$performance_event","distinct_id":"u"}"#.to_owned();
    let inspector = inspector();
    let answer = post(inspector.addr(), "/batch", batch(&[performance.clone(), event(1)]));
    assert_eq!(answer.status, 200);
    let totals = inspector.totals();
    assert_eq!((totals.events_accepted, totals.silently_dropped), (2, 1));
    let lost: Vec<_> = inspector.events().iter().map(analytics_inspector::ReceivedEvent::silently_dropped).collect();
    assert_eq!(lost, [Some("performance_event"), None]);
    assert!(totals.to_string().contains("repeated 0) (1 would be dropped silently), bytes "), "{totals}");
    check("/batch", &[(400, batch(&[performance]))]);
}

#[test]
fn what_the_real_server_would_lose_after_a_200_is_marked() {
    let inspector = inspector();
    let event =
        |name: &str, properties: &str| format!(r#"{{"event":"{name}","distinct_id":"u","properties":{properties}}}"#);
    let big = format!(r#"{{"k":"{}"}}"#, "x".repeat(1_000_000));
    let events = [
        event("e", "{}"),
        event("$identify", r#"{"$process_person_profile":false}"#),
        event("$create_alias", r#"{"alias":7}"#),
        event("$groupidentify", &format!(r#"{{"$group_key":"{}"}}"#, "x".repeat(401))),
        event("e", r#"{"$cookieless_mode":true}"#),
        event("e", &big),
    ];
    assert_eq!(post(inspector.addr(), "/batch", batch(&events)).status, 200);
    let shown = crate::client::get(inspector.addr(), "/api/events").json();
    let told: Vec<_> = (0..6).map(|index| shown["events"][index]["silently_dropped"].as_str().unwrap_or("")).collect();
    let expected = [
        "",
        "person_event_without_profile",
        "merge_id_not_text",
        "group_key_too_long",
        "cookieless_without_client",
        "event_too_big",
    ];
    assert_eq!(told, expected);
    assert_eq!((inspector.totals().events_accepted, inspector.totals().silently_dropped), (6, 5));
}

#[test]
fn success_is_a_json_status_or_for_a_beacon_nothing() {
    let inspector = inspector();
    let answer = post(inspector.addr(), "/batch/", batch(&[event(1)]));
    assert_eq!((answer.status, answer.body.as_str()), (200, r#"{"status":"Ok"}"#));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let answer = post(inspector.addr(), "/batch/?beacon=1", batch(&[event(2)]));
    assert_eq!((answer.status, answer.body.as_str()), (204, ""));
    let answer = post(inspector.addr(), "/batch/?beacon=0", batch(&[event(3)]));
    assert_eq!(answer.status, 200);
    let answer = post(inspector.addr(), "/batch/?beacon=x", batch(&[event(4)]));
    assert_eq!(answer.status, 400);
    assert_eq!(inspector.requests()[3].status, Some(400));
    assert_eq!(inspector.totals().unique_events, 3);
}

#[test]
fn the_type_of_content_does_not_matter() {
    let inspector = inspector();
    for headers in [&[("Content-Type", "text/plain")][..], &[]] {
        let body = batch(&[event(1)]);
        let answer = crate::client::request(inspector.addr(), "POST", "/batch", headers, body.as_bytes());
        assert_eq!(answer.status, 200, "{headers:?}");
    }
}

#[test]
fn unknown_paths_are_404_and_other_methods_405() {
    let inspector = inspector();
    assert_eq!(post(inspector.addr(), "/i/v9/analytics/events", "{}").status, 404);
    assert_eq!(post(inspector.addr(), "/batch/x", "{}").status, 404);
    assert_eq!(crate::client::request(inspector.addr(), "PUT", "/batch", &[], b"").status, 405);
    let paths: Vec<_> = inspector.requests().into_iter().map(|request| (request.path, request.status)).collect();
    assert_eq!(paths, [("/i/v9/analytics/events".to_owned(), Some(404)), ("/batch/x".to_owned(), Some(404)),]);
}
