//! Structs as events.

use analytics_core::{DescribedEvent, Event, Lane, PropertyType};

use crate::shown;

/// An order was placed.
///
/// By anybody.
#[derive(Event)]
#[event(name = "order_placed", critical)]
struct OrderPlaced<'a> {
    /// The order.
    order_id: &'a str,
    items: u32,
    coupon: Option<&'a str>,
}

#[derive(Event)]
#[event(name = "service_started")]
struct ServiceStarted;

/**
 * The service stopped.
 *
 * In good order.
 */
#[derive(Event)]
#[event(name = "service_stopped")]
struct ServiceStopped {}

#[derive(Event)]
#[event(name = "$ai_generation", lane = "ai")]
struct Generation {
    #[event(rename = "$ai_model")]
    model: String,
    r#type: u8,
}

#[derive(Event)]
#[event(name = "Order Placed", verbatim)]
struct OrderPlacedOnTheDashboard;

#[test]
fn a_verbatim_name_is_what_is_written() {
    assert_eq!(OrderPlacedOnTheDashboard.name(), "Order Placed");
    assert_eq!(OrderPlacedOnTheDashboard::EVENT.name(), "Order Placed");
}

#[test]
fn properties_are_shown_in_order_and_none_is_left_out() {
    let mut event = OrderPlaced { order_id: "o1", items: 2, coupon: None };
    assert_eq!(event.name(), "order_placed");
    assert_eq!(shown(&event), "order_id=o1 items=2");
    event.coupon = Some("spring");
    assert_eq!(shown(&event), "order_id=o1 items=2 coupon=spring");
}

#[test]
fn the_constant_says_what_is_known_about_the_type() {
    let kind = OrderPlaced::EVENT;
    assert_eq!(kind.name(), "order_placed");
    assert_eq!(kind.keys().collect::<Vec<_>>(), ["order_id", "items", "coupon"]);

    let description = kind.description();
    assert_eq!(description.doc(), "An order was placed.\n\nBy anybody.");
    assert!(description.is_critical());
    assert_eq!(description.lane(), Lane::Product);
    let [order_id, items, coupon] = description.properties() else { panic!("three properties") };
    assert_eq!((order_id.doc(), order_id.property_type()), ("The order.", PropertyType::String));
    assert_eq!((items.doc(), items.property_type()), ("", PropertyType::Integer));
    assert_eq!(coupon.property_type(), PropertyType::Optional(&PropertyType::String));
}

#[test]
fn a_block_comment_is_described_without_its_stars() {
    assert_eq!(ServiceStopped::EVENT.description().doc(), "The service stopped.\n\nIn good order.");
}

#[test]
fn an_event_its_constant_and_its_list_share_one_description() {
    let event = OrderPlaced { order_id: "o1", items: 2, coupon: None };
    assert!(std::ptr::eq(event.description().unwrap().properties(), OrderPlaced::EVENT.description().properties()));
    assert_eq!(OrderPlaced::EVENTS, [*OrderPlaced::EVENT.description()]);
}

#[test]
fn an_event_may_have_no_properties() {
    assert_eq!(ServiceStarted.name(), "service_started");
    assert_eq!(shown(&ServiceStarted), "");
    assert_eq!(ServiceStarted::EVENT.keys().len(), 0);
    assert_eq!(shown(&ServiceStopped {}), "");
    assert_eq!(ServiceStopped::EVENTS, [*ServiceStopped::EVENT.description()]);
}

#[test]
fn the_ai_lane_opens_the_vendors_ai_names() {
    let event = Generation { model: "m1".to_owned(), r#type: 3 };
    assert_eq!(event.name(), "$ai_generation");
    assert_eq!(event.description().unwrap().lane(), Lane::Ai);
    assert_eq!(shown(&event), "$ai_model=m1 type=3");
}
