use analytics_core::PropertyValue;

#[derive(PropertyValue)]
enum Plan {
    Free,
    Paid { amount: u32 },
    Other(String),
}

#[derive(PropertyValue)]
enum Never {}

#[derive(PropertyValue)]
struct Pair(u8, u8);

#[derive(PropertyValue)]
struct Unit;

#[derive(PropertyValue)]
union Either {
    one: u8,
    other: u8,
}

#[derive(PropertyValue)]
enum Twice {
    Free,
    #[event(rename = "free")]
    Gratis,
}

fn main() {}
