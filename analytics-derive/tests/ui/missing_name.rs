use analytics_core::Event;

#[derive(Event)]
struct OrderPlaced {
    items: u32,
}

#[derive(Event)]
#[event(critical)]
struct ServiceStarted;

#[derive(Event)]
enum CopilotEvent {
    #[event(name = "copilot_message_sent")]
    MessageSent { message_length: u64 },
    ToolCalled { tool_name: String },
    Opened,
}

fn main() {}
