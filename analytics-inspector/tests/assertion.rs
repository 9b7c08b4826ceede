//! The assertions that the page offers for copying, letter for letter: the browser test compares them with
//! what it finds on the page, this test compiles and runs them.

use analytics_core::{Actor, Analytics, DynamicEvent, Json};
use analytics_testkit::RecordingSink;

#[test]
#[rustfmt::skip]
fn assertions_copied_from_the_page_compile_and_hold() {
    let (sink, recorded) = RecordingSink::pair();
    let analytics = Analytics::new(sink);
    analytics.track(Actor::user("u1"), DynamicEvent::new("order_placed").with("items", 3));
    let nested = Json(serde_json::json!({"deep": [1, "x", null]}));
    let awkward = DynamicEvent::new("odd \"name\"")
        .with("quote", "say \"hi\" \\ there")
        .with("lines", "a\nb\t\0\u{202e}")
        .with("emoji", "naïve 🦀")
        .with("big", 3_000_000_000_u64)
        .with("many", 12_345)
        .with("ratio", 0.25)
        .with("is_new", true)
        .with("tags", &["a", "b\""])
        .with("nested", &nested);
    analytics.event(Actor::session("s1"), awkward).in_group("company", "acme").set_person("plan", "pro").track();
    let (plan, source) = (DynamicEvent::new("").with("plan", "pro"), DynamicEvent::new("").with("source", "ad"));
    analytics.identify("u8").from_anonymous("anonymous_s8").set(&plan).set_once(&source).track();
    analytics.alias("anonymous_t8").to_user("u8").track();
    analytics.group_identify("company", "acme").set(&DynamicEvent::new("").with("seats", 12)).track();

    // copied: simple
    recorded.assert_one("order_placed").by(Actor::user("u1")).with("items", 3);

    // copied: awkward
    recorded
        .assert_one("odd \"name\"")
        .by(Actor::session("s1"))
        .with("quote", "say \"hi\" \\ there")
        .with("lines", "a\nb\t\0\u{202e}")
        .with("emoji", "naïve 🦀")
        .with("big", 3_000_000_000_i64)
        .with("many", 12_345)
        .with("ratio", 0.25)
        .with("is_new", true)
        .with("tags", &["a", "b\""])
        .with("nested", &Json(serde_json::json!({"deep": [1, "x", null]})))
        .in_group("company", "acme")
        .person_set("plan", "pro");

    // copied: identify
    recorded.assert_identified("u8").from_anonymous("anonymous_s8").set("plan", "pro").set_once("source", "ad");

    // copied: alias
    recorded.assert_alias("anonymous_t8").to_user("u8");

    // copied: group
    recorded.assert_group("company", "acme").with("seats", 12);
    // copied
}
