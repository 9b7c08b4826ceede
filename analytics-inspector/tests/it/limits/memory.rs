//! What is remembered of requests and names without measure.

use crate::client::{get, request};
use crate::{batch, event, inspector};

#[test]
fn heads_beyond_all_measure_are_forgotten_with_their_requests() {
    let inspector = inspector();
    let padding = "x".repeat(60 * 1024);
    let body = batch(&[event(1)]);
    for _ in 0..400 {
        assert_eq!(
            request(inspector.addr(), "POST", "/batch", &[("X-Padding", &padding)], body.as_bytes()).status,
            200
        );
    }
    // Of 24 MB no more than 16 MiB are remembered.
    let requests = inspector.requests();
    assert!((250..=280).contains(&requests.len()), "{}", requests.len());
    assert_eq!(requests.last().map(|request| request.number), Some(400));
    assert_eq!(inspector.totals().requests, 400);
}

#[test]
fn names_are_counted_one_by_one_up_to_a_number_and_a_length() {
    let inspector = inspector();
    let named = |name: &str| format!(r#"{{"event":"{name}","distinct_id":"u"}}"#);
    for first in (0..10_050).step_by(1_005) {
        let events: Vec<_> = (first..first + 1_005).map(|n| named(&format!("name_{n}"))).collect();
        assert_eq!(crate::client::post(inspector.addr(), "/batch", batch(&events)).status, 200);
    }
    crate::client::post(inspector.addr(), "/batch", batch(&[named("name_7"), named(&"long".repeat(100))]));
    let totals = inspector.totals();
    assert_eq!((totals.names.len(), totals.names["name_7"], totals.other_names), (10_000, 2, 51));
    assert_eq!(get(inspector.addr(), "/api/counts").json()["other_names"], 51);
    inspector.reset();
    let long = "ü".repeat(201);
    crate::client::post(inspector.addr(), "/batch", batch(&[named(&long)]));
    assert_eq!(inspector.totals().names.keys().next().map(|name| name.chars().count()), Some(200));
}
