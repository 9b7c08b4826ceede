use analytics_core::Event;

#[derive(Event)]
#[event(nmae = "order_placed")]
struct OrderPlaced {
    #[event(renamed = "count", flatten, skipped(always))]
    items: u32,
}

#[derive(Event)]
enum CopilotEvent {
    #[event(name = "copilot_opened", sample_rate = 0.5, criticl)]
    Opened,
}

#[derive(analytics_core::PropertyValue)]
enum Plan {
    #[event(renam = "free")]
    Free,
}

fn main() {}
