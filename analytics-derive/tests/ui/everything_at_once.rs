use analytics_core::Event;

#[derive(Event)]
enum CopilotEvent {
    #[event(name = "Copilot Opened")]
    Opened { distinct_id: String },
    Closed(u8, u8),
    ToolCalled {
        #[event(ranme = "tool", skip)]
        tool_name: String,
    },
}

fn main() {}
