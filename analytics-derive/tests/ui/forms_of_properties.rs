use analytics_core::Properties;

#[derive(Properties)]
enum Traits {
    One { plan: String },
}

#[derive(Properties)]
struct Pair(u8, u8);

#[derive(Properties)]
union Either {
    one: u8,
    other: u8,
}

fn main() {}
