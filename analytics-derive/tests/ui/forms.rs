use analytics_core::Event;

#[derive(Event)]
#[event(name = "either_happened")]
union Either {
    one: u8,
    other: u8,
}

#[derive(Event)]
#[event(name = "pair_made")]
struct Pair(u8, u8);

#[derive(Event)]
#[event(name = "nothing_made")]
struct Nothing();

#[derive(Event)]
enum Never {}

#[derive(Event)]
enum CopilotEvent {
    #[event(name = "copilot_tool_called")]
    ToolCalled(String, u32),
    #[event(name = "copilot_opened")]
    Opened(),
}

fn main() {}
