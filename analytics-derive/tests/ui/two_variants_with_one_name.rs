use analytics_core::Event;

#[derive(Event)]
enum CopilotEvent {
    #[event(name = "copilot_opened")]
    Opened,
    #[event(name = "copilot_opened")]
    Reopened,
}

fn main() {}
