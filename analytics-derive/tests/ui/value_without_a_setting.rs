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

fn main() {}
