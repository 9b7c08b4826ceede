//! Types that can be a property's value.

use analytics_core::{Event, Properties, PropertyType, PropertyValue};

use crate::shown;

#[derive(Clone, Copy, PropertyValue)]
enum Plan {
    Free,
    ProMonthly,
    #[event(rename = "Enterprise (2024)")]
    Enterprise,
}

#[derive(PropertyValue)]
struct OrderId(u64);

#[derive(PropertyValue)]
struct Note<'a>(Option<&'a str>);

#[derive(Properties, PropertyValue)]
struct Address<'a> {
    city: &'a str,
    /// Where the letter goes.
    street: Option<&'a str>,
}

#[derive(Event)]
#[event(name = "order_placed")]
struct OrderPlaced<'a> {
    order_id: OrderId,
    plan: Plan,
    before: Vec<Plan>,
    note: Note<'a>,
    address: Option<Address<'a>>,
}

fn order<'a>(note: Option<&'a str>, address: Option<Address<'a>>) -> OrderPlaced<'a> {
    OrderPlaced {
        order_id: OrderId(7),
        plan: Plan::ProMonthly,
        before: vec![Plan::Free, Plan::Enterprise],
        note: Note(note),
        address,
    }
}

#[test]
fn values_are_sent_as_strings_as_what_they_wrap_and_as_objects() {
    assert_eq!(shown(&order(None, None)), "order_id=7 plan=pro_monthly before=[\"free\",\"Enterprise (2024)\"]");
    assert_eq!(
        shown(&order(Some("gift"), Some(Address { city: "Turin", street: None }))),
        "order_id=7 plan=pro_monthly before=[\"free\",\"Enterprise (2024)\"] note=gift address={\"city\":\"Turin\"}"
    );
}

#[test]
fn values_describe_their_type() {
    assert_eq!(Plan::TYPE, PropertyType::OneOf(&["free", "pro_monthly", "Enterprise (2024)"]));
    assert_eq!(OrderId::TYPE, PropertyType::Integer);
    assert_eq!(Note::TYPE, PropertyType::Optional(&PropertyType::String));
    assert_eq!(Address::TYPE, PropertyType::Object(Address::PROPERTIES));
    let PropertyType::Object([city, street]) = Address::TYPE else { panic!("an object with two members") };
    assert_eq!((city.name(), city.doc()), ("city", ""));
    assert_eq!((street.name(), street.doc()), ("street", "Where the letter goes."));
}
