use analytics_core::PropertyValue;

#[derive(PropertyValue)]
struct Address {
    city: String,
}

fn main() {}
