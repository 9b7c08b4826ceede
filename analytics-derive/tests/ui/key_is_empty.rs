use analytics_core::Event;

#[derive(Event)]
#[event(name = "order_placed")]
struct OrderPlaced {
    #[event(rename = "")]
    items: u32,
}

fn main() {}
