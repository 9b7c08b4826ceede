//! Enums as events.

use analytics_core::{DescribedEvent, Event, EventDescription, Lane, Properties, Property, PropertyVisitor};

use crate::shown;

#[derive(Event)]
enum CopilotEvent<'a> {
    /// A user sent a message in chat.
    #[event(name = "copilot_message_sent")]
    MessageSent { session_id: &'a str, message_length: u64 },
    #[event(name = "copilot_tool_called", critical)]
    ToolCalled { session_id: &'a str, tool_name: String },
    #[event(name = "copilot_opened")]
    Opened,
    #[event(name = "copilot_http_error")]
    HTTPError { status: u16 },
}

#[derive(Event)]
#[event(lane = "ai", critical)]
enum ModelEvent {
    #[event(name = "$ai_generation")]
    Generation,
    #[event(name = "model_chosen", lane = "product")]
    Chosen,
}

#[test]
fn each_variant_has_its_name_and_properties() {
    let sent = CopilotEvent::MessageSent { session_id: "s1", message_length: 5 };
    assert_eq!((sent.name(), shown(&sent).as_str()), ("copilot_message_sent", "session_id=s1 message_length=5"));
    let called = CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search".to_owned() };
    assert_eq!((called.name(), shown(&called).as_str()), ("copilot_tool_called", "session_id=s1 tool_name=search"));
    assert_eq!((CopilotEvent::Opened.name(), shown(&CopilotEvent::Opened).as_str()), ("copilot_opened", ""));
    assert_eq!(shown(&CopilotEvent::HTTPError { status: 502 }), "status=502");
}

#[test]
fn each_variant_has_a_constant_in_upper_case() {
    assert_eq!(CopilotEvent::MESSAGE_SENT.name(), "copilot_message_sent");
    assert_eq!(CopilotEvent::MESSAGE_SENT.description().doc(), "A user sent a message in chat.");
    assert_eq!(CopilotEvent::TOOL_CALLED.keys().collect::<Vec<_>>(), ["session_id", "tool_name"]);
    assert!(CopilotEvent::TOOL_CALLED.description().is_critical());
    assert!(!CopilotEvent::OPENED.description().is_critical());
    assert_eq!(CopilotEvent::HTTP_ERROR.name(), "copilot_http_error");
}

#[test]
fn events_are_listed_in_the_order_of_declaration() {
    let names: Vec<_> = CopilotEvent::EVENTS.iter().map(EventDescription::name).collect();
    assert_eq!(names, ["copilot_message_sent", "copilot_tool_called", "copilot_opened", "copilot_http_error"]);
}

#[test]
fn settings_of_the_enum_hold_for_variants_that_say_nothing() {
    assert_eq!(ModelEvent::GENERATION.description().lane(), Lane::Ai);
    assert_eq!(ModelEvent::CHOSEN.description().lane(), Lane::Product);
    assert!(ModelEvent::CHOSEN.description().is_critical());
    assert_eq!(ModelEvent::Generation.description().unwrap().name(), "$ai_generation");
    assert_eq!(ModelEvent::Chosen.name(), "model_chosen");
}

#[test]
fn every_key_carries_its_description() {
    #[derive(Default)]
    struct Described(Vec<&'static str>);

    impl PropertyVisitor for Described {
        fn visit(&mut self, property: &Property<'_>) {
            self.0.push(property.description().unwrap().name());
        }
    }

    let mut visitor = Described::default();
    CopilotEvent::MessageSent { session_id: "s1", message_length: 5 }.visit_properties(&mut visitor);
    assert_eq!(visitor.0, ["session_id", "message_length"]);
}

/// Names that a dashboard has already.
#[derive(Event)]
#[event(names = "verbatim")]
enum ShopEvent {
    #[event(name = "$pageview")]
    PageViewed,
    #[event(name = "shop.order_placed")]
    OrderPlaced,
    #[event(name = "Order Paid", verbatim)]
    OrderPaid,
    #[event(name = "order_sent")]
    OrderSent,
}

#[test]
fn an_enums_names_may_be_verbatim() {
    let names: Vec<_> = ShopEvent::EVENTS.iter().map(EventDescription::name).collect();
    assert_eq!(names, ["$pageview", "shop.order_placed", "Order Paid", "order_sent"]);
    let all = [ShopEvent::PageViewed, ShopEvent::OrderPlaced, ShopEvent::OrderPaid, ShopEvent::OrderSent];
    assert!(all.iter().map(Event::name).eq(names));
}
