//! What is forgotten, and what never is.

use analytics_inspector::{Inspector, InspectorOptions};

use crate::client::post;
use crate::{batch, event, events, uuid};

/// The numbers of the events that are still remembered.
fn remembered(inspector: &Inspector) -> Vec<u64> {
    let events = inspector.events();
    events.iter().map(|event| event.property("n").unwrap().as_u64().unwrap()).collect()
}

#[test]
fn the_oldest_events_go_when_there_are_too_many() {
    let options = InspectorOptions::default().with_capacity(4);
    let inspector = Inspector::start(options).unwrap();
    post(inspector.addr(), "/batch", batch(&events(0..3)));
    assert_eq!(remembered(&inspector), [0, 1, 2]);
    post(inspector.addr(), "/batch", batch(&events(3..6)));
    assert_eq!(remembered(&inspector), [2, 3, 4, 5]);
    post(inspector.addr(), "/batch", batch(&events(6..20)));
    assert_eq!(remembered(&inspector), [16, 17, 18, 19]);

    let totals = inspector.totals();
    assert_eq!((totals.events_accepted, totals.unique_events), (20, 20));
    assert_eq!(inspector.uuids(), (0..20).map(uuid).collect());
}

#[test]
fn the_oldest_events_go_when_their_json_has_too_many_bytes() {
    let one = event(0).len();
    let options = InspectorOptions::default().with_capacity_bytes(3 * one);
    let inspector = Inspector::start(options).unwrap();
    post(inspector.addr(), "/batch", batch(&events(0..5)));
    assert_eq!(remembered(&inspector), [2, 3, 4]);

    let options = InspectorOptions::default().with_capacity_bytes(3 * one - 1);
    let inspector = Inspector::start(options).unwrap();
    post(inspector.addr(), "/batch", batch(&events(0..5)));
    assert_eq!(remembered(&inspector), [3, 4]);
}

#[test]
fn an_event_larger_than_all_room_is_counted_and_not_kept() {
    let options = InspectorOptions::default().with_capacity_bytes(10);
    let inspector = Inspector::start(options).unwrap();
    post(inspector.addr(), "/batch", batch(&events(0..2)));
    assert_eq!(remembered(&inspector), [0; 0]);
    assert_eq!(inspector.totals().unique_events, 2);
}

#[test]
fn bodies_have_a_quarter_of_the_room_and_the_oldest_go_first() {
    let body = batch(&events(0..1));
    let options = InspectorOptions::default().with_capacity_bytes(2 * 4 * body.len());
    let inspector = Inspector::start(options).unwrap();
    for _ in 0..5 {
        post(inspector.addr(), "/batch", &body);
    }
    let bodies: Vec<_> = inspector.requests().iter().map(|request| request.body().is_some()).collect();
    assert_eq!(bodies, [false, false, false, true, true]);
}

#[test]
fn the_last_ten_thousand_requests_are_remembered_with_their_answers() {
    use std::io::{Read as _, Write as _};
    let inspector = crate::inspector();
    let mut stream = std::net::TcpStream::connect(inspector.addr()).unwrap();
    stream.set_read_timeout(Some(crate::PATIENCE)).unwrap();
    // On one connection: as many connections would exhaust the ports of a small machine.
    let head = format!("POST /batch HTTP/1.1\r\nHost: {}\r\nContent-Length: 2\r\n\r\n{{}}", inspector.addr());
    let mut answer = [0; 4096];
    for _ in 0..10_002 {
        stream.write_all(head.as_bytes()).unwrap();
        assert!(stream.read(&mut answer).unwrap() > 0);
    }
    let requests = inspector.requests();
    assert_eq!(requests.len(), 10_000);
    assert_eq!((requests[0].number, requests[9_999].number), (3, 10_002));
    assert!(requests.iter().all(|request| request.status == Some(400)));
    assert_eq!(inspector.totals().requests, 10_002);
}
