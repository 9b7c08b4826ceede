//! What PostHog's storage would make of it.

use analytics_inspector::{Inspector, InspectorOptions};
use serde_json::json;

use crate::client::{get, post};
use crate::{batch, event, events, inspector, uuid};

/// The requests of each row.
fn arrivals(inspector: &Inspector) -> Vec<Vec<u64>> {
    inspector.oracle().rows.into_iter().map(|row| row.requests).collect()
}

#[test]
fn a_row_is_told_by_its_day_its_name_its_actor_and_its_uuid() {
    let inspector = inspector();
    let first = event(1);
    for (changed, expected) in [
        (first.clone(), vec![vec![1]]),
        (first.replace("03:04:05Z", "23:59:59.999Z"), vec![vec![1, 2]]),
        (first.replace("01-02T03:04:05Z", "01-03T00:30:00+01:00"), vec![vec![1, 2, 3]]),
        (first.replace("01-02T", "01-03T"), vec![vec![1, 2, 3], vec![4]]),
        (first.replace(r#""event":"e""#, r#""event":"f""#), vec![vec![1, 2, 3], vec![4], vec![5]]),
        (first.replace(r#""u""#, r#""v""#), vec![vec![1, 2, 3], vec![4], vec![5], vec![6]]),
        (first.replace('-', "").replace("20260102T", "2026-01-02T"), vec![vec![1, 2, 3, 7], vec![4], vec![5], vec![6]]),
    ] {
        assert_eq!(post(inspector.addr(), "/batch", batch(&[changed])).status, 200);
        assert_eq!(arrivals(&inspector), expected);
    }
    let oracle = inspector.oracle();
    assert_eq!((oracle.duplicates, oracle.is_complete), (3, true));
    assert_eq!((oracle.rows[0].day.as_str(), oracle.rows[1].day.as_str()), ("2026-01-02", "2026-01-03"));
}

#[test]
fn without_a_uuid_nothing_is_merged() {
    let inspector = inspector();
    let event = r#"{"event":"e","distinct_id":"u","timestamp":"2026-01-02T03:04:05Z"}"#.to_owned();
    post(inspector.addr(), "/batch", batch(&[event.clone(), event]));
    assert_eq!(arrivals(&inspector), [[1], [1]]);
    assert_eq!(inspector.oracle().rows[0].uuid, None);
}

#[test]
fn the_oracle_says_when_it_does_not_remember_everything() {
    let inspector = Inspector::start(InspectorOptions::default().with_capacity(2)).unwrap();
    post(inspector.addr(), "/batch", batch(&events(0..2)));
    assert!(inspector.oracle().is_complete);
    post(inspector.addr(), "/batch", batch(&events(2..3)));
    assert_eq!((inspector.oracle().is_complete, inspector.oracle().rows.len()), (false, 2));
}

#[test]
fn rows_are_shown_in_pages_and_repeated_ones_alone() {
    let inspector = inspector();
    post(inspector.addr(), "/batch", batch(&events(0..4)));
    post(inspector.addr(), "/batch", batch(&events(2..4)));
    let row = |number: u32, requests: &[u64]| json!({"day": "2026-01-02", "event": "e", "distinct_id": "u", "uuid": uuid(number), "requests": requests});
    let shown = |query: &str| get(inspector.addr(), &format!("/api/oracle{query}")).json();
    assert_eq!(
        shown("?limit=2&offset=1"),
        json!({
            "unique": 4, "duplicates": 2, "complete": true, "matching": 4,
            "rows": [row(1, &[1]), row(2, &[1, 2])],
        })
    );
    assert_eq!(shown("?repeated=true")["rows"], json!([row(2, &[1, 2]), row(3, &[1, 2])]));
    assert_eq!(shown("?repeated=true")["matching"], 2);
}
