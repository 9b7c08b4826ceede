//! Assertions by kind and by name.

use std::net::{IpAddr, Ipv4Addr};

use analytics_core::{Actor, CopilotEvent, DynamicEvent};

use crate::failure::failure;
use crate::world::{ORDER, OrderPlaced, Plan, chat, message, service};

#[test]
fn one_of_several_is_found_by_narrowing() {
    let recorded = chat();
    recorded.assert_one(CopilotEvent::TOOL_CALLED).by(Actor::user("u1"));
    recorded.assert_one(CopilotEvent::TOOL_CALLED).with("tool_name", "search");
    recorded.assert_one("copilot_tool_called").by(Actor::user("u2")).with("tool_name", "search");
    recorded.assert_one(&String::from("copilot_message_sent"));
    let record = recorded.assert_one(CopilotEvent::TOOL_CALLED).by(Actor::user("u2")).record();
    assert_eq!(record.actor(), Actor::user("u2"));
}

#[test]
fn an_actor_that_does_not_fit_fails_where_it_is_asked_for() {
    let recorded = chat();
    let line = line!() + 3;
    let failure = failure(|| {
        let tools = recorded.assert_one(CopilotEvent::TOOL_CALLED);
        tools.by(Actor::user("u3"));
    });
    insta::assert_snapshot!(failure.at_line(line).message, @"
    expected exactly one
        u3 copilot_tool_called
    but all 2 copilot_tool_called that were recorded differ (nearest first):
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
           actor: expected u3 (a user), recorded u1 (a user)
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
           actor: expected u3 (a user), recorded u2 (a user)
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
    ");
}

#[test]
fn a_value_that_does_not_fit_fails_where_it_is_asked_for() {
    let recorded = chat();
    let line = line!() + 6;
    let failure = failure(|| {
        recorded
            .assert_one(CopilotEvent::TOOL_CALLED)
            .by(Actor::user("u1"))
            .with("session_id", "s1")
            .with("tool_name", "search");
    });
    insta::assert_snapshot!(failure.at_line(line).message, @r#"
    expected exactly one
        u1 copilot_tool_called session_id=s1 tool_name=search
    but all 2 copilot_tool_called that were recorded differ (nearest first):
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
           tool_name: expected "search", recorded "fetch"
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
           actor: expected u1 (a user), recorded u2 (a user)
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
    "#);
}

#[test]
fn more_than_one_fails_at_the_assertion_once_nothing_follows() {
    let recorded = chat();
    let line = line!() + 2;
    let failure = failure(|| {
        recorded.assert_one(CopilotEvent::TOOL_CALLED).with("session_id", "s1");
    });
    insta::assert_snapshot!(failure.at_line(line).message, @"
    [here] expected exactly one
        copilot_tool_called session_id=s1
    but 2 were recorded:
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
    ");
}

#[test]
fn an_event_that_was_never_tracked_fails_at_once() {
    let recorded = chat();
    let line = line!() + 1;
    let failure = failure(|| drop(recorded.assert_one(CopilotEvent::TRIGGER_SETUP).by(Actor::user("u1"))));
    insta::assert_snapshot!(failure.at_line(line).message, @"
    expected exactly one
        copilot_trigger_setup
    but no copilot_trigger_setup was recorded
    also recorded:
        #1 u1 copilot_message_sent session_id=s1 message_length=5
        #2 u1 copilot_tool_called session_id=s1 tool_name=fetch tool_call_id=c1
        #3 u2 copilot_tool_called session_id=s1 tool_name=search tool_call_id=c1
    ");
}

#[test]
fn a_kept_assertion_is_checked_where_its_record_is_taken() {
    let recorded = chat();
    let line = line!() + 3;
    let failure = failure(|| {
        let tools = recorded.assert_one(CopilotEvent::TOOL_CALLED);
        drop(tools.record());
    });
    assert!(failure.at_line(line).message.contains("but 2 were recorded"));
}

#[test]
fn what_is_said_last_of_an_actor_or_a_key_counts() {
    let recorded = chat();
    let search = recorded.assert_one(CopilotEvent::TOOL_CALLED).by(Actor::user("u1")).by(Actor::user("u2"));
    assert_eq!(search.with("tool_name", "search").record().actor(), Actor::user("u2"));
    let fetch = recorded.assert_one(CopilotEvent::TOOL_CALLED).with("tool_name", "search").with("tool_name", "fetch");
    assert_eq!(fetch.record().actor(), Actor::user("u1"));
}

#[test]
fn there_is_no_record_to_take_where_none_or_several_were_wanted() {
    let recorded = chat();
    let none = failure(|| drop(recorded.assert_none(CopilotEvent::TRIGGER_SETUP).record()));
    assert_eq!(none.message, "there is no one record to give: the assertion holds, and is about 0");
    let line = line!() + 1;
    let several = failure(|| drop(recorded.assert_count(CopilotEvent::TOOL_CALLED, 2).record())).at_line(line);
    assert_eq!(several.message, "there is no one record to give: the assertion holds, and is about 2");
}

#[test]
fn a_test_that_fails_already_is_not_told_twice() {
    let recorded = chat();
    let failure = failure(|| {
        let _two_of_them = recorded.assert_one(CopilotEvent::TOOL_CALLED);
        let why = "the test's own reason";
        panic!("{why}");
    });
    assert_eq!(failure.message, "the test's own reason");
}

#[test]
fn values_are_compared_as_they_are_on_the_wire() {
    let (analytics, recorded) = service();
    let address = IpAddr::V4(Ipv4Addr::LOCALHOST);
    analytics.track(Actor::user("u1"), ORDER);
    analytics.track(Actor::user("u1"), DynamicEvent::new("connected").with("from", &address).with("ratio", 1.0));
    recorded.assert_one(OrderPlaced::EVENT).with("items", 2_i8).with("plan", "team_pro").with("plan", &Plan::TeamPro);
    recorded.assert_one("connected").with("from", &address).with("from", "127.0.0.1").with("ratio", 1);

    let failure = failure(|| drop(recorded.assert_one(OrderPlaced::EVENT).with("items", "2")));
    insta::assert_snapshot!(failure.message, @r#"
    expected exactly one
        order_placed items="2"
    but the one order_placed that was recorded differs:
        #1 u1 order_placed order_id=o1 items=2 plan=team_pro
           items: expected "2", recorded 2
    also recorded:
        #2 u1 connected from=127.0.0.1 ratio=1.0
    "#);
}

#[test]
fn a_property_can_be_required_to_be_absent() {
    let (analytics, recorded) = service();
    analytics.track(Actor::user("u1"), ORDER);
    analytics.track(Actor::user("u2"), OrderPlaced { coupon: Some("SPRING"), ..ORDER });
    recorded.assert_one(OrderPlaced::EVENT).without("coupon").by(Actor::user("u1"));
    recorded.assert_one(OrderPlaced::EVENT).with("coupon", None::<&str>).by(Actor::user("u1"));

    let failure = failure(|| drop(recorded.assert_one(OrderPlaced::EVENT).by(Actor::user("u2")).without("coupon")));
    insta::assert_snapshot!(failure.message, @r#"
    expected exactly one
        u2 order_placed without coupon
    but all 2 order_placed that were recorded differ (nearest first):
        #1 u1 order_placed order_id=o1 items=2 plan=team_pro
           actor: expected u2 (a user), recorded u1 (a user)
        #2 u2 order_placed order_id=o1 items=2 coupon=SPRING plan=team_pro
           coupon: expected absent, recorded "SPRING"
    "#);
}

#[test]
fn what_comes_from_scope_call_and_person_can_be_asked_for() {
    let (analytics, recorded) = service();
    let analytics = analytics.with("environment", "test").in_group("company", 7);
    message(&analytics, "u1");
    analytics
        .event(Actor::user("u2"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 })
        .set_person("plan", "pro")
        .set_person_once("first_seen", "chat")
        .unset_person("trial")
        .track();
    recorded.assert_count(CopilotEvent::MESSAGE_SENT, 2).with("environment", "test").in_group("company", 7);
    recorded
        .assert_one(CopilotEvent::MESSAGE_SENT)
        .person_set("plan", "pro")
        .person_set_once("first_seen", "chat")
        .person_unset("trial")
        .by(Actor::user("u2"));
    recorded.assert_one(CopilotEvent::MESSAGE_SENT).person_set("plan", None::<&str>).by(Actor::user("u1"));

    let failure = failure(|| {
        recorded.assert_one(CopilotEvent::MESSAGE_SENT).in_group("company", 7).person_set("plan", "free");
    });
    insta::assert_snapshot!(failure.message, @r#"
    expected exactly one
        copilot_message_sent set plan=free in company="7"
    but all 2 copilot_message_sent that were recorded differ (nearest first):
        #1 u1 copilot_message_sent session_id=s1 message_length=5 environment=test in company="7"
           set plan: expected "free", recorded absent
        #2 u2 copilot_message_sent session_id=s1 message_length=5 environment=test set plan=pro set_once first_seen=chat unset trial in company="7"
           set plan: expected "free", recorded "pro"
    "#);
}

#[test]
fn all_that_differs_is_told_the_nearest_record_first() {
    let (analytics, recorded) = service();
    let visit = |user, company: &str, plan, seen, trial| {
        let event = CopilotEvent::MessageSent { session_id: "s1", message_length: 5 };
        let scope = analytics.in_group("company", company);
        let sent = scope.event(Actor::user(user), event).set_person("plan", plan).set_person_once("seen", seen);
        sent.unset_person(trial).track();
    };
    visit("u1", "umbrella", "free", "web", "card");
    visit("u2", "acme", "pro", "chat", "trial");
    let failure = failure(|| {
        recorded
            .assert_one(CopilotEvent::MESSAGE_SENT)
            .in_group("company", "acme")
            .person_unset("trial")
            .person_set_once("seen", "chat")
            .person_set("plan", "pro")
            .with("message_length", 5)
            .by(Actor::user("u3"));
    });
    insta::assert_snapshot!(failure.message, @r#"
    expected exactly one
        u3 copilot_message_sent message_length=5 set plan=pro set_once seen=chat unset trial in company=acme
    but all 2 copilot_message_sent that were recorded differ (nearest first):
        #2 u2 copilot_message_sent session_id=s1 message_length=5 set plan=pro set_once seen=chat unset trial in company=acme
           actor: expected u3 (a user), recorded u2 (a user)
        #1 u1 copilot_message_sent session_id=s1 message_length=5 set plan=free set_once seen=web unset card in company=umbrella
           actor: expected u3 (a user), recorded u1 (a user)
           set plan: expected "pro", recorded "free"
           set_once seen: expected "chat", recorded "web"
           unset: expected "trial", recorded absent
           in company: expected "acme", recorded "umbrella"
    "#);
}

#[test]
fn the_kinds_of_actors_are_told_in_words() {
    let (analytics, recorded) = service();
    message(&analytics, "a1");
    let difference = |actor| {
        let failure = failure(|| drop(recorded.assert_one(CopilotEvent::MESSAGE_SENT).by(actor)));
        failure.message.lines().find(|line| line.contains("actor: ")).map(|line| line.trim().to_owned())
    };
    assert_eq!(difference(Actor::anonymous("a1")).unwrap(), "actor: expected a1 (anonymous), recorded a1 (a user)");
    assert_eq!(difference(Actor::service("a1")).unwrap(), "actor: expected a1 (a service), recorded a1 (a user)");
    assert_eq!(
        difference(Actor::session("a1")).unwrap(),
        "actor: expected anonymous_a1 (a session), recorded a1 (a user)"
    );
}
