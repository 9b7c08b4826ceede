use analytics_core::Event;

#[derive(Event)]
#[event(names = "verbatim")]
enum Events {
    #[event(name = " ")]
    Blank,
    #[event(name = "Order\nPlaced")]
    TwoLines,
    #[event(name = "$identify")]
    Identify,
    #[event(name = "$ai_generation")]
    Generation,
    #[event(name = "Order Placed")]
    Placed,
    #[event(name = "Order Placed")]
    PlacedAgain,
    #[event(name = "Order Paid", names = "verbatim")]
    Paid,
}

#[derive(Event)]
#[event(names = "Title Case")]
enum UnknownWay {
    #[event(name = "Order Placed")]
    Placed,
}

#[derive(Event)]
#[event(verbatim)]
enum NotOnTheEnum {
    #[event(name = "Order Placed")]
    Placed,
}

#[derive(Event)]
#[event(name = "Order Placed", names = "verbatim")]
struct NotOnTheStruct;

#[derive(Event)]
#[event(verbatim)]
struct NoName {
    #[event(rename = "Order Id", verbatim)]
    order_id: u64,
}

#[derive(Event)]
#[event(name = "Order Placed", verbatim = true)]
struct NoValue;

#[derive(Event)]
#[event(name = "$pageview")]
struct NotVerbatim;

fn main() {}
