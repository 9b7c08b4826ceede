use analytics_core::Event;

#[derive(Event)]
#[event("order_placed")]
struct OrderPlaced {
    #[event("order-id")]
    order_id: u64,
}

#[derive(Event)]
#[event(critical, "order_paid")]
struct OrderPaid;

#[derive(Event)]
#[event("shop")]
enum ShopEvent {
    #[event("order_sent")]
    Sent,
}

#[derive(Event)]
#[event = "order_lost"]
struct OrderLost {
    #[event = "order-id"]
    order_id: u64,
}

#[derive(Event)]
#[event]
struct OrderFound {
    #[event]
    order_id: u64,
}

fn main() {}
