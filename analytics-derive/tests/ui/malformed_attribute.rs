use analytics_core::Event;

#[derive(Event)]
#[event(name)]
struct NoValue;

#[derive(Event)]
#[event(name = order_placed)]
struct NoQuotes;

#[derive(Event)]
#[event(name = "critical_flag", critical = true)]
struct FlagWithValue;

#[derive(Event)]
#[event(name = "first", name = "second")]
struct Twice;

#[derive(Event)]
#[event(name = "in_lane", lane = "fast")]
struct UnknownLane;

#[derive(Event)]
#[event(name = "with_fields")]
struct Fields {
    #[event(privacy = "secret")]
    privacy: u8,
    #[event(unit = "hours")]
    unit: std::time::Duration,
    #[event(with = "masked")]
    with: String,
    #[event(rename)]
    rename: u8,
}

#[derive(Event)]
#[event(name = "crate_path", crate = "not a path")]
struct CratePath;

#[derive(Event)]
#[event]
struct NoList;

fn main() {}
