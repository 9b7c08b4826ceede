use analytics_core::Event;

#[derive(Event)]
#[event(name = "order_placed")]
struct OrderPlaced {
    items: u32,
    #[event(rename = "items")]
    lines: u32,
}

#[derive(analytics_core::Properties)]
struct Traits {
    #[event(rename = "plan")]
    tariff: u32,
    plan: u32,
}

fn main() {}
