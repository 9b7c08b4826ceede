use analytics_core::Event;

#[derive(Event)]
enum Events {
    #[event(name = "Order Placed")]
    Spaces,
    #[event(name = "orderPlaced")]
    Camel,
    #[event(name = "order-placed")]
    Dashes,
    #[event(name = "2fa_enabled")]
    Digit,
    #[event(name = "_hidden")]
    Underscore,
    #[event(name = "größe")]
    Letters,
    #[event(name = "")]
    Empty,
}

#[derive(Event)]
#[event(name = "order.placed")]
struct OrderPlaced;

fn main() {}
