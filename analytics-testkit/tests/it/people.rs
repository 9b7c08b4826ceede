//! Assertions on persons and groups.

use analytics_core::{DistinctId, Properties};

use crate::failure::failure;
use crate::world::service;

#[derive(Properties)]
struct Traits<'a> {
    plan: &'a str,
    seats: Option<u32>,
}

#[test]
fn identities_can_be_asked_for() {
    let (analytics, recorded) = service();
    let (traits, once) = (Traits { plan: "pro", seats: None }, Traits { plan: "free", seats: Some(1) });
    analytics.identify("u1").from_anonymous("a1").set(&traits).set_once(&once).unset(["trial"]).track();
    analytics.identify("u2").track();
    recorded
        .assert_identified("u1")
        .from_anonymous("a1")
        .set("plan", "pro")
        .set("seats", None::<u32>)
        .set_once("seats", 1)
        .unset("trial");
    assert!(recorded.assert_identified("u2").record().properties().is_empty());

    let line = line!() + 1;
    let wrong = failure(|| drop(recorded.assert_identified("u1").from_anonymous("a2").set("plan", "pro")));
    insta::assert_snapshot!(wrong.at_line(line).message, @r#"
    expected exactly one
        u1 identify from a2
    but all 2 identify that were recorded differ (nearest first):
        #1 u1 identify from a1 set plan=pro set_once plan=free seats=1 unset trial
           anonymous id: expected "a2", recorded "a1"
        #2 u2 identify
           actor: expected u1 (a user), recorded u2 (a user)
           anonymous id: expected "a2", recorded absent
    "#);
    let missing = failure(|| drop(recorded.assert_identified("u3")));
    insta::assert_snapshot!(missing.message, @"
    expected exactly one
        u3 identify
    but all 2 identify that were recorded differ (nearest first):
        #1 u1 identify from a1 set plan=pro set_once plan=free seats=1 unset trial
           actor: expected u3 (a user), recorded u1 (a user)
        #2 u2 identify
           actor: expected u3 (a user), recorded u2 (a user)
    ");
}

#[test]
fn aliases_can_be_asked_for() {
    let (analytics, recorded) = service();
    analytics.alias(DistinctId::session("s1")).to_user("u1").track();
    recorded.assert_alias(DistinctId::session("s1")).to_user("u1");
    recorded.assert_alias("anonymous_s1");
    let other = failure(|| drop(recorded.assert_alias("anonymous_s1").to_user("u2")));
    insta::assert_snapshot!(other.message, @"
    expected exactly one
        u2 alias anonymous_s1
    but the one alias that was recorded differs:
        #1 u1 alias anonymous_s1
           actor: expected u2 (a user), recorded u1 (a user)
    ");
    let line = line!() + 1;
    let failure = failure(|| drop(recorded.assert_alias("s1").to_user("u1")));
    insta::assert_snapshot!(failure.at_line(line).message, @r#"
    expected exactly one
        … alias s1
    but the one alias that was recorded differs:
        #1 u1 alias anonymous_s1
           anonymous id: expected "s1", recorded "anonymous_s1"
    "#);
}

#[test]
fn groups_can_be_asked_for() {
    let (analytics, recorded) = service();
    analytics.group_identify("company", "acme").set(&Traits { plan: "pro", seats: Some(12) }).track();
    recorded.assert_group("company", "acme").with("plan", "pro").with("seats", 12);
    let wrong = failure(|| drop(recorded.assert_group("company", "acme").with("seats", 13)));
    insta::assert_snapshot!(wrong.message, @"
    expected exactly one
        company:acme group_identify seats=13
    but the one group_identify of a company that was recorded differs:
        #1 company:acme group_identify plan=pro seats=12
           seats: expected 13, recorded 12
    ");
    let other = failure(|| drop(recorded.assert_group("company", "umbrella")));
    insta::assert_snapshot!(other.message, @"
    expected exactly one
        company:umbrella group_identify
    but the one group_identify of a company that was recorded differs:
        #1 company:acme group_identify plan=pro seats=12
           group: expected umbrella, recorded acme
    ");
    let kind = failure(|| drop(recorded.assert_group("team", "acme")));
    insta::assert_snapshot!(kind.message, @"
    expected exactly one
        team:acme group_identify
    but no group_identify of a team was recorded
    also recorded:
        #1 company:acme group_identify plan=pro seats=12
    ");
}

#[test]
fn ids_are_shown_bare_where_the_record_shows_them_so() {
    let (analytics, recorded) = service();
    analytics.alias("7").to_user("u1").track();
    let failure = failure(|| drop(recorded.assert_alias("8").to_user("u1")));
    insta::assert_snapshot!(failure.message, @r#"
    expected exactly one
        … alias 8
    but the one alias that was recorded differs:
        #1 u1 alias 7
           anonymous id: expected "8", recorded "7"
    "#);
}
