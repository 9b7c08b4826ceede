use analytics_core::Event;

fn masked(_: &str) -> String {
    String::new()
}

#[derive(Event)]
#[event(name = "order_placed")]
struct OrderPlaced {
    #[event(display, with = masked)]
    coupon: String,
    #[event(unit = "seconds", display)]
    waited: std::time::Duration,
    #[event(skip, rename = "count")]
    items: u32,
    #[event(skip, privacy = "sensitive")]
    card: String,
}

fn main() {}
