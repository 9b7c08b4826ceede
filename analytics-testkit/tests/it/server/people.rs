//! What arrived about persons and groups.

use analytics_core::DistinctId;
use analytics_testkit::CaptureServer;
use serde_json::json;

use super::client::{event, send};

#[test]
fn identities_links_and_groups_can_be_asked_for() {
    let server = CaptureServer::start();
    let identify = json!({
        "$anon_distinct_id": "anonymous_s1", "$set": {"plan": "pro"}, "$set_once": {"source": "ad"},
        "$unset": ["trial"], "$groups": {"company": "acme"}, "page": "/sign-up", "$lib": "analytics-posthog",
    });
    let group = json!({"$group_type": "company", "$group_key": "acme", "$group_set": {"seats": 12}});
    let alias = json!({"alias": "anonymous_s2", "page": "/"});
    let batch =
        [event(1, "$identify", &identify), event(2, "$create_alias", &alias), event(3, "$groupidentify", &group)];
    assert_eq!(send(&server, &batch), Some(200));
    let arrived = server.arrived();
    arrived
        .assert_identified("u1")
        .from_anonymous(DistinctId::session("s1"))
        .set("plan", "pro")
        .set_once("source", "ad")
        .unset("trial");
    arrived.assert_alias(DistinctId::session("s2")).to_user("u1");
    arrived.assert_group("company", "acme").with("seats", 12);
    insta::assert_snapshot!(arrived.journey(), @"
    u1 identify from anonymous_s1 page=/sign-up set plan=pro set_once source=ad unset trial in company=acme
    u1 alias anonymous_s2 page=/
    u1 group_identify company:acme seats=12
    ");
}

#[test]
fn a_person_may_be_told_about_beside_the_properties() {
    let server = CaptureServer::start();
    let mut seen = event(1, "seen", &json!({}));
    seen["$set"] = json!({"plan": "pro"});
    let mut identify = event(2, "$identify", &json!({}));
    identify["$set_once"] = json!({"source": "ad"});
    send(&server, &[seen, identify]);
    let arrived = server.arrived();
    arrived.assert_one("seen").person_set("plan", "pro");
    arrived.assert_identified("u1").set_once("source", "ad");
}

#[test]
fn what_tells_too_little_stays_an_event() {
    let server = CaptureServer::start();
    send(&server, &[event(1, "$create_alias", &json!({})), event(2, "$groupidentify", &json!({"$group_type": "x"}))]);
    let arrived = server.arrived();
    arrived.assert_one("$create_alias");
    arrived.assert_one("$groupidentify").with("$group_type", "x");
}
