use analytics_core::Event;

#[derive(Event)]
#[event(name = "order_placed")]
struct OrderPlaced {
    distinct_id: String,
    token: String,
    api_key: String,
    #[event(rename = "$set")]
    plan: String,
    #[event(rename = "$unset")]
    gone: Vec<String>,
    #[event(rename = "$groups")]
    company: String,
    #[event(rename = "$group_0")]
    team: String,
    #[event(rename = "$lib")]
    library: String,
    #[event(rename = "$process_person_profile")]
    person: bool,
}

#[derive(analytics_core::Properties)]
struct Traits {
    #[event(rename = "$set_once")]
    first_seen: String,
}

fn main() {}
