use std::collections::BTreeMap;

use analytics_core::{Event, Properties};

#[derive(Properties)]
struct Address {
    city: String,
}

#[derive(Event)]
#[event(name = "order_placed")]
struct BesideItsOwn {
    city: String,
    #[event(flatten)]
    address: Address,
}

#[derive(Event)]
enum Twice {
    #[event(name = "order_sent")]
    Sent {
        #[event(flatten, prefix = "to_")]
        to: Address,
        #[event(flatten, prefix = "to_")]
        billed_to: Option<Address>,
    },
}

#[derive(Properties)]
struct OfTraits {
    #[event(flatten)]
    home: Address,
    #[event(flatten)]
    work: Address,
}

#[derive(Event)]
#[event(name = "search_made")]
struct TwoMaps {
    #[event(flatten)]
    filters: BTreeMap<String, u32>,
    #[event(flatten, prefix = "sort_")]
    sorting: BTreeMap<String, u32>,
}

fn main() {}
