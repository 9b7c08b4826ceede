use analytics_core::{Event, Properties};

#[derive(Properties)]
struct Address {
    city: String,
}

struct NotDerived;

#[derive(Event)]
#[event(name = "not_derived")]
struct OfNotDerived {
    #[event(flatten)]
    address: NotDerived,
}

#[derive(Event)]
#[event(name = "contradicting")]
struct Contradicting {
    #[event(flatten, rename = "where")]
    renamed: Address,
    #[event(flatten, skip)]
    skipped: Address,
    #[event(prefix = "home_")]
    alone: String,
    #[event(flatten, prefix = "")]
    empty: Address,
    #[event(flatten = "home_")]
    valued: Address,
}

#[derive(Event)]
#[event(name = "of_a_parameter")]
struct OfAParameter<P: Properties> {
    #[event(flatten)]
    properties: P,
}

#[derive(Event)]
#[event(name = "flattened", flatten)]
struct OnTheType {
    city: String,
}

fn main() {}
