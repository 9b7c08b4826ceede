//! The five events that many services share, and what is known about them at compile time.

use analytics_core::{CopilotEvent, DescribedEvent, Event, EventKind, Lane, PropertyType};

#[test]
fn the_five_events_are_described() {
    let table: Vec<_> = CopilotEvent::EVENTS
        .iter()
        .map(|event| {
            let keys: Vec<_> = event.properties().iter().map(analytics_core::PropertyDescription::name).collect();
            format!("{}: {}", event.name(), keys.join(", "))
        })
        .collect();
    assert_eq!(
        table,
        [
            "copilot_message_sent: session_id, message_length",
            "copilot_tool_called: session_id, tool_name, tool_call_id",
            "copilot_agent_run_success: session_id, graph_id, graph_name, execution_id, library_agent_id",
            "copilot_agent_scheduled: session_id, graph_id, graph_name, schedule_id, schedule_name, cron, library_agent_id",
            "copilot_trigger_setup: session_id, graph_id, graph_name, trigger_type, library_agent_id",
        ]
    );
}

#[test]
fn a_kind_tells_what_its_events_are() {
    let kind: EventKind = CopilotEvent::MESSAGE_SENT;
    assert_eq!(
        (kind.name(), kind.to_string(), format!("{kind:?}")),
        ("copilot_message_sent", "copilot_message_sent".to_owned(), "copilot_message_sent".to_owned(),)
    );
    assert!(kind.keys().eq(["session_id", "message_length"]));
    assert_ne!(kind, CopilotEvent::TOOL_CALLED);
    let description = kind.description();
    assert_eq!(description.doc(), "A user sent a message in chat.");
    assert_eq!((description.lane(), description.is_critical()), (Lane::Product, false));
    let length = description.properties()[1];
    assert_eq!((length.property_type(), length.doc()), (PropertyType::Integer, "The message's length in characters."));
    let event = CopilotEvent::MessageSent { session_id: "s1", message_length: 3 };
    assert_eq!((event.name(), event.description()), (kind.name(), Some(description)));
    assert_eq!(<&CopilotEvent<'_> as Event>::description(&&event), Some(description));
}
