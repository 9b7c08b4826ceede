use analytics_core::Event;

#[derive(Event)]
#[event(name = "copilot")]
enum CopilotEvent {
    #[event(name = "copilot_opened", crate = "telemetry")]
    Opened,
    #[event(name = "copilot_closed", skip)]
    Closed {
        #[event(name = "seconds", critical)]
        after: u32,
    },
    #[event(name = "copilot_order")]
    Order(OrderPlaced),
}

#[derive(Event)]
#[event(name = "order_placed", privacy = "personal")]
struct OrderPlaced;

#[derive(Event)]
#[event(name = "wrapped", critical)]
struct Wrapper(#[event(rename = "order")] OrderPlaced);

#[derive(analytics_core::Properties)]
#[event(name = "traits")]
struct Traits {
    plan: String,
}

#[derive(analytics_core::PropertyValue)]
#[event(rename = "plan")]
enum Plan {
    #[event(name = "free")]
    Free,
}

fn main() {}
