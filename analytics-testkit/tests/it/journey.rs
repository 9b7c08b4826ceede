//! Everything as one text.

use std::time::SystemTime;

use analytics_core::{Actor, CopilotEvent, DynamicEvent, EventId};

use crate::world::{message, service, tool};

#[test]
fn a_journey_reads_the_same_in_every_run() {
    let (analytics, recorded) = service();
    let now = SystemTime::now();
    let (session, call) = (EventId::at(now).to_string(), EventId::at(now).to_string());
    analytics.alias(&session).to_user("u1").track();
    message(&analytics, "u1");
    analytics.track(
        Actor::anonymous(&session),
        CopilotEvent::ToolCalled { session_id: &session, tool_name: "search", tool_call_id: &call },
    );
    tool(&analytics.with("environment", "test").in_group("company", "acme"), "u2", "fetch all");
    analytics.track(Actor::service("nightly"), DynamicEvent::new("ran").with("at", now));
    insta::assert_snapshot!(recorded.journey(), @r#"
    u1 alias <id 1>
    u1 copilot_message_sent session_id=s1 message_length=5
    <id 1> copilot_tool_called session_id=<id 1> tool_name=search tool_call_id=<id 2>
    u2 copilot_tool_called session_id=s1 tool_name="fetch all" tool_call_id=c1 environment=test in company=acme
    nightly ran at="<time>"
    "#);
}
