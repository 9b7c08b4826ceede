//! A small service to test.

use analytics_core::{Actor, Analytics, CopilotEvent, Event, PropertyValue};
use analytics_testkit::{Recorded, RecordingSink};

#[derive(Clone, Copy, Debug, PropertyValue)]
pub(crate) enum Plan {
    Free,
    TeamPro,
}

#[derive(Clone, Debug, Event)]
#[event(name = "order_placed")]
pub(crate) struct OrderPlaced<'a> {
    pub(crate) order_id: &'a str,
    pub(crate) items: u32,
    pub(crate) coupon: Option<&'a str>,
    pub(crate) plan: Plan,
}

pub(crate) const ORDER: OrderPlaced<'static> =
    OrderPlaced { order_id: "o1", items: 2, coupon: None, plan: Plan::TeamPro };

/// A handle and what it records.
pub(crate) fn service() -> (Analytics, Recorded) {
    let (sink, recorded) = RecordingSink::pair();
    (Analytics::new(sink), recorded)
}

pub(crate) fn message(analytics: &Analytics, user: &str) {
    analytics.track(Actor::user(user), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
}

pub(crate) fn tool(analytics: &Analytics, user: &str, tool_name: &str) {
    let call = CopilotEvent::ToolCalled { session_id: "s1", tool_name, tool_call_id: "c1" };
    analytics.track(Actor::user(user), call);
}

/// A message and two tool calls.
pub(crate) fn chat() -> Recorded {
    let (analytics, recorded) = service();
    message(&analytics, "u1");
    tool(&analytics, "u1", "fetch");
    tool(&analytics, "u2", "search");
    recorded
}
