//! Derives typed analytics events, properties and property values.
//!
//! `analytics-core` re-exports these macros beside the traits that they implement; nobody needs to name
//! this crate. What they write is what one would write by hand: constants, and a `match` that shows each
//! field to a visitor. Nothing is built, boxed or looked up when an event is tracked.
//!
//! | derive | on | implements |
//! |---|---|---|
//! | [`Event`](macro@Event) | a struct, an enum | `Properties`, `Event`, `DescribedEvent`, constants of type `EventKind` |
//! | [`Properties`](macro@Properties) | a struct | `Properties`, the constant `PROPERTIES` |
//! | [`PropertyValue`](macro@PropertyValue) | an enum of words, a newtype, an object | `PropertyValue` |
//!
//! What is wrong is refused at compile time, all of it at once, with what to write instead.

// Each group uses only what stands in those above it.
mod errors;
mod generics;
mod names;
mod path;
mod suggest;

mod attributes;

mod properties;

mod event;
mod property_value;

use proc_macro::TokenStream;
use syn::{DeriveInput, Error, Result, parse_macro_input};

/// Derives an event: `Properties`, `Event` and `DescribedEvent`.
///
/// ```
/// use analytics_core::{Event, EventKind};
/// use std::time::Duration;
///
/// /// An order was placed.
/// #[derive(Event)]
/// #[event(name = "order_placed", critical)]
/// struct OrderPlaced<'a> {
///     /// The shop's own number of the order.
///     order_id: &'a str,
///     items: u32,
///     coupon: Option<&'a str>, // `None` is not sent
///     #[event(unit = "milliseconds")]
///     took: Duration,
/// }
///
/// const PLACED: EventKind = OrderPlaced::EVENT;
/// assert_eq!(PLACED.name(), "order_placed");
/// assert!(PLACED.keys().eq(["order_id", "items", "coupon", "took"]));
/// ```
///
/// # Structs and enums
///
/// A struct is one kind of event, and its constant is `EVENT`. In an enum each variant is a kind with a
/// name of its own; its constant is the variant's name in upper case. Fields are named; a unit struct or
/// unit variant has no properties. `DescribedEvent::EVENTS` lists all kinds in the order of declaration.
///
/// A struct or variant around exactly one other event is that event, with its name, properties and
/// description, and has no constant. In such an enum the other event may not depend on a type parameter
/// unless its variant is the only one.
///
/// ```
/// use analytics_core::{DescribedEvent, Event};
///
/// #[derive(Event)]
/// enum ChatEvent<'a> {
///     #[event(name = "chat_opened")]
///     Opened,
///     #[event(name = "chat_message_sent")]
///     MessageSent { session_id: &'a str, length: u64 },
/// }
///
/// #[derive(Event)]
/// enum AppEvent<'a> {
///     #[event(name = "app_started")]
///     Started,
///     Chat(ChatEvent<'a>),
/// }
///
/// let event = AppEvent::Chat(ChatEvent::Opened);
/// assert_eq!(event.name(), ChatEvent::OPENED.name());
/// assert_eq!(AppEvent::EVENTS.len(), 3);
/// ```
///
/// # `#[event(...)]` on a struct or variant
///
/// - `name = "order_placed"` (required): the name on the wire. It is written out, so that renaming a type
///   does not rename an event. Letters from a to z, digits and `_`, in `snake_case`, at most 200 bytes.
/// - `critical`: the event may use the room that a full queue keeps for events that matter most.
/// - `lane = "ai"`: the event is about a call of a language model and takes that lane. Only there may a
///   name begin with `$`, as in `$ai_generation`. The default is `lane = "product"`.
///
/// `critical` and `lane` on an enum hold for all its variants that do not wrap another event.
///
/// # `#[event(...)]` on the type
///
/// - `crate = "my_crate::analytics_core"`: where the generated code finds `analytics_core`. The default
///   is `::analytics_core`.
///
/// # `#[event(...)]` on a field
///
/// - `rename = "$current_url"`: the property's key. The default is the field's name.
/// - `skip`: the field is not sent, and may have any type.
/// - `with = function`: sends what the function returns, `fn(&Field) -> impl PropertyValue`.
/// - `display`: sends what `Display` writes, as a string, without building it. An `Option<T>` of
///   something with `Display` will do, too.
/// - `unit = "milliseconds"`: sends a `Duration` or `Option<Duration>` as a number of `seconds` (with a
///   fraction), or of whole `milliseconds`, `microseconds` or `nanoseconds`.
/// - `privacy = "personal"`: how the value may be treated: `public`, `personal` or `sensitive`.
///
/// The doc comments on types, variants and fields become part of the description.
///
/// # Type parameters
///
/// A field whose type depends on a type parameter adds the bound that it needs to the implementations:
/// `T: PropertyValue`, with `display` `T: Display`, for a wrapped event `T: Event`.
///
/// # What is refused
///
/// Missing or ill-formed names, two variants with one name, two fields with one key, keys that belong to
/// the envelope (`distinct_id`, `token`, `$set`, `$groups` and others; the message says what to use
/// instead), attributes that are unknown, misplaced or contradict each other, types that cannot be the
/// value of a property.
#[proc_macro_derive(Event, attributes(event))]
pub fn event(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(event::expand(&input))
}

/// [`Event`](macro@Event) for programs that depend on `analytics-config` alone, which re-exports it under that name.
#[doc(hidden)]
#[proc_macro_derive(ConfigEvent, attributes(event))]
pub fn config_event(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(event::expand(&path::in_config(input)))
}

/// Derives `Properties` for a struct that is no event: a person's or a group's traits, a nested object.
///
/// The struct has named fields or none. It also gets the constant `PROPERTIES`, a
/// `&'static [PropertyDescription]` that describes them. An event derives [`Event`](macro@Event) instead,
/// which includes this.
///
/// ```
/// use analytics_core::{OwnedProperty, Properties};
///
/// #[derive(Properties)]
/// struct Traits<'a> {
///     #[event(privacy = "personal")]
///     email: &'a str,
///     plan: Option<&'a str>,
/// }
///
/// let traits = OwnedProperty::collect(&Traits { email: "ada@example.com", plan: None });
/// assert_eq!(traits.len(), 1);
/// assert_eq!(Traits::PROPERTIES[1].name(), "plan");
/// ```
///
/// On a field `#[event(...)]` knows `rename`, `skip`, `with`, `display`, `unit` and `privacy`, on the type
/// `crate`; they mean what they mean for [`Event`](macro@Event).
#[proc_macro_derive(Properties, attributes(event))]
pub fn properties(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(properties::expand(&input))
}

/// [`Properties`](macro@Properties) for programs that depend on `analytics-config` alone.
#[doc(hidden)]
#[proc_macro_derive(ConfigProperties, attributes(event))]
pub fn config_properties(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(properties::expand(&path::in_config(input)))
}

/// Derives `PropertyValue`, so that the type can be the type of a property.
///
/// ```
/// use analytics_core::{Event, Properties, PropertyType, PropertyValue};
///
/// #[derive(PropertyValue)]
/// enum Plan {
///     Free,
///     ProMonthly,
///     #[event(rename = "custom")]
///     Negotiated,
/// }
///
/// #[derive(PropertyValue)]
/// struct OrderId(u64);
///
/// #[derive(Properties, PropertyValue)]
/// struct Address<'a> {
///     city: &'a str,
///     country: Option<&'a str>,
/// }
///
/// #[derive(Event)]
/// #[event(name = "order_placed")]
/// struct OrderPlaced<'a> {
///     order_id: OrderId,
///     plan: Plan,
///     ship_to: Address<'a>,
/// }
///
/// assert_eq!(Plan::TYPE, PropertyType::OneOf(&["free", "pro_monthly", "custom"]));
/// assert_eq!(OrderId::TYPE, PropertyType::Integer);
/// ```
///
/// - **An enum of unit variants** is a string: the variant's name in `snake_case`, or what
///   `#[event(rename = "...")]` on the variant says. A run of capitals is one word, and digits belong to
///   the word before them: `HTTPError` is `http_error`, `Gpt4Turbo` is `gpt4_turbo`.
/// - **A struct around one value** is that value.
/// - **A struct with named fields** is an object. It needs its properties, too:
///   `#[derive(Properties, PropertyValue)]`. On its fields `#[event(...)]` knows what it knows for
///   [`Properties`](macro@Properties).
///
/// On the type `#[event(crate = "...")]` says where `analytics_core` is, as for [`Event`](macro@Event).
#[proc_macro_derive(PropertyValue, attributes(event))]
pub fn property_value(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(property_value::expand(&input))
}

/// [`PropertyValue`](macro@PropertyValue) for programs that depend on `analytics-config` alone.
#[doc(hidden)]
#[proc_macro_derive(ConfigPropertyValue, attributes(event))]
pub fn config_property_value(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(property_value::expand(&path::in_config(input)))
}

fn generated(code: Result<proc_macro2::TokenStream>) -> TokenStream {
    code.unwrap_or_else(Error::into_compile_error).into()
}
