//! Events with type and const parameters.

use std::fmt::{Debug, Display};

use analytics_core::{DescribedEvent, Event, Json, Properties, PropertyType, PropertyValue};

use crate::shown;

#[derive(Event)]
#[event(name = "setting_changed")]
struct SettingChanged<'a, T: Debug, D = u8>
where
    D: Clone,
{
    from: Option<&'a T>,
    to: T,
    all: Vec<T>,
    #[event(display)]
    shown_as: D,
    #[event(skip)]
    _rest: std::marker::PhantomData<D>,
}

#[derive(Event)]
#[event(name = "picked")]
struct Picked<const N: usize> {
    places: [u8; N],
}

#[derive(Event)]
#[event(name = "sent")]
struct Sent<T> {
    body: Json<T>,
}

#[derive(Event)]
enum Change<T> {
    #[event(name = "added")]
    Added { item: T },
    #[event(name = "cleared")]
    Cleared,
}

#[derive(Properties, PropertyValue)]
struct Pair<T> {
    left: T,
    right: Option<T>,
}

#[derive(PropertyValue)]
struct Wrapped<T>(T);

fn change<T: Debug + PropertyValue, D: Clone + Display>(to: T, shown_as: D) -> String {
    shown(&SettingChanged { from: None, to, all: Vec::new(), shown_as, _rest: std::marker::PhantomData })
}

#[test]
fn parameters_take_the_bounds_that_their_fields_need() {
    assert_eq!(change("dark", 'x'), "to=dark all=[] shown_as=x");
    assert_eq!(change(7, "seven"), "to=7 all=[] shown_as=seven");
    let types: Vec<_> = SettingChanged::<'_, bool, char>::EVENT
        .description()
        .properties()
        .iter()
        .map(analytics_core::PropertyDescription::property_type)
        .collect();
    let boolean = PropertyType::Boolean;
    assert_eq!(
        types,
        [
            PropertyType::Optional(&PropertyType::Boolean),
            boolean,
            PropertyType::List(&PropertyType::Boolean),
            PropertyType::String
        ]
    );
}

#[test]
fn a_parameter_inside_json_needs_serialize_only() {
    assert_eq!(shown(&Sent { body: Json(((), "a")) }), "body=[null,\"a\"]");
}

#[test]
fn const_parameters_are_carried_along() {
    assert_eq!(shown(&Picked { places: [1, 2] }), "places=[1,2]");
    assert_eq!(Picked::<3>::EVENT.name(), "picked");
}

#[test]
fn a_generic_enum_describes_its_events() {
    assert_eq!(shown(&Change::Added { item: 3_u8 }), "item=3");
    assert_eq!(Change::<u8>::Cleared.name(), Change::<bool>::CLEARED.name());
    let item = Change::<f64>::EVENTS[0].properties()[0];
    assert_eq!(item.property_type(), PropertyType::Number);
}

#[test]
fn values_may_be_generic() {
    assert_eq!(shown(&Pair { left: Wrapped(1), right: None }), "left=1");
    assert_eq!(Wrapped::<bool>::TYPE, PropertyType::Boolean);
    assert!(matches!(Pair::<u8>::TYPE, PropertyType::Object([_, _])));
}
