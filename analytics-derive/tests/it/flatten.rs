//! Fields whose properties stand among those of their struct.

use std::collections::BTreeMap;

use analytics_core::{DescribedEvent, DescribedProperties, Event, Privacy, Properties, PropertyType, PropertyValue};

use crate::shown;

/// Where something is sent.
#[derive(Properties, PropertyValue)]
struct Address<'a> {
    /// The town.
    #[event(privacy = "personal")]
    city: &'a str,
    zip: Option<u32>,
}

#[derive(Event)]
#[event(name = "order_placed")]
struct OrderPlaced<'a> {
    order_id: u64,
    #[event(flatten)]
    address: Address<'a>,
    #[event(flatten, prefix = "billing_")]
    billing: Option<&'a Address<'a>>,
    items: u32,
}

#[derive(Event)]
enum ShopEvent<'a> {
    #[event(name = "order_sent")]
    Sent {
        #[event(flatten, prefix = "to_")]
        to: Address<'a>,
        weight: f64,
    },
    #[event(name = "order_lost")]
    Lost,
}

/// What is sent with every order, and whatever the shop's plug-ins know beside.
#[derive(Properties)]
struct Context<'a> {
    shop: &'a str,
    #[event(flatten, prefix = "plugin_")]
    plugins: BTreeMap<String, u32>,
}

#[derive(Event)]
#[event(name = "order_paid")]
struct OrderPaid<'a, A> {
    amount: A,
    #[event(flatten)]
    context: Context<'a>,
}

#[derive(Event)]
#[event(name = "search_made")]
struct SearchMade {
    words: u32,
    #[event(flatten)]
    filters: BTreeMap<String, u32>,
}

/// An object with flattened members.
#[derive(Properties, PropertyValue)]
struct Parcel<'a> {
    #[event(flatten)]
    address: Address<'a>,
    weight: u32,
}

#[derive(Event)]
#[event(name = "parcel_sent")]
struct ParcelSent<'a> {
    parcel: Parcel<'a>,
}

const OSLO: Address<'static> = Address { city: "Oslo", zip: Some(150) };

#[test]
fn a_flattened_fields_properties_stand_where_it_stands() {
    let event = OrderPlaced { order_id: 7, address: OSLO, billing: None, items: 3 };
    assert_eq!(shown(&event), "order_id=7 city=Oslo zip=150 items=3");
    let bergen = Address { city: "Bergen", zip: None };
    let event = OrderPlaced { billing: Some(&bergen), ..event };
    assert_eq!(shown(&event), "order_id=7 city=Oslo zip=150 billing_city=Bergen items=3");
    assert_eq!(shown(&ShopEvent::Sent { to: OSLO, weight: 0.5 }), "to_city=Oslo to_zip=150 weight=0.5");
    assert_eq!(shown(&ShopEvent::Lost), "");
}

#[test]
fn the_description_has_every_key_with_what_its_own_type_says() {
    let keys: Vec<_> = OrderPlaced::EVENT.keys().collect();
    assert_eq!(keys, ["order_id", "city", "zip", "billing_city", "billing_zip", "items"]);
    let [_, city, zip, billing_city, billing_zip, _] = OrderPlaced::EVENT.description().properties() else {
        panic!("six properties")
    };
    assert_eq!((city.doc(), city.privacy()), ("The town.", Privacy::Personal));
    assert_eq!((billing_city.doc(), billing_city.privacy()), ("The town.", Privacy::Personal));
    assert_eq!(city.property_type(), PropertyType::String);
    assert_eq!(billing_city.property_type(), PropertyType::Optional(&PropertyType::String));
    assert_eq!(billing_zip.property_type(), zip.property_type(), "absent in one way only");
    assert_eq!(ShopEvent::EVENTS.len(), 2);
    assert!(ShopEvent::SENT.keys().eq(["to_city", "to_zip", "weight"]));
}

#[test]
fn a_shown_property_knows_its_description_under_the_key_in_the_struct() {
    struct Descriptions(Vec<Option<&'static str>>);
    impl analytics_core::PropertyVisitor for Descriptions {
        fn visit(&mut self, property: &analytics_core::Property<'_>) {
            let described = property.description().map(|described| (described.name(), described.privacy()));
            self.0.push(described.filter(|(_, privacy)| *privacy == Privacy::Personal).map(|(name, _)| name));
        }
    }
    let mut seen = Descriptions(Vec::new());
    OrderPlaced { order_id: 7, address: OSLO, billing: Some(&OSLO), items: 3 }.visit_properties(&mut seen);
    assert_eq!(seen.0, [None, Some("city"), None, Some("billing_city"), None, None]);
}

#[test]
fn a_maps_entries_are_properties_unless_the_struct_has_the_key_itself() {
    let filters = BTreeMap::from([("size".to_owned(), 4), ("words".to_owned(), 9)]);
    assert_eq!(shown(&SearchMade { words: 2, filters }), "words=2 size=4");
    assert!(SearchMade::EVENT.keys().eq(["words"]));
}

#[test]
fn what_is_flattened_may_flatten() {
    let plugins = BTreeMap::from([("reviews".to_owned(), 1)]);
    let event = OrderPaid { amount: 990, context: Context { shop: "north", plugins } };
    assert_eq!(shown(&event), "amount=990 shop=north plugin_reviews=1");
    assert!(OrderPaid::<u32>::EVENT.keys().eq(["amount", "shop"]));
    let has_additional =
        [<Context<'_> as DescribedProperties>::HAS_ADDITIONAL, <Address<'_> as DescribedProperties>::HAS_ADDITIONAL];
    assert_eq!(has_additional, [true, false]);
}

#[test]
fn an_object_may_flatten() {
    let event = ParcelSent { parcel: Parcel { address: OSLO, weight: 2 } };
    assert_eq!(shown(&event), r#"parcel={"city":"Oslo","zip":150,"weight":2}"#);
    let PropertyType::Object(members) = Parcel::TYPE else { panic!("an object") };
    assert_eq!(members, Parcel::PROPERTIES);
}
