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

#![cfg_attr(docsrs, feature(doc_cfg))]

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

#[doc = include_str!("../docs/event.md")]
#[proc_macro_derive(Event, attributes(event))]
pub fn event(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(event::expand(&input))
}

// For programs that depend on `product-analytics` alone, which re-exports it as `Event`.
#[doc(hidden)]
#[doc = include_str!("../docs/event.md")]
#[proc_macro_derive(ProductEvent, attributes(event))]
pub fn product_event(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(event::expand(&path::in_product_analytics(input)))
}

#[doc = include_str!("../docs/properties.md")]
#[proc_macro_derive(Properties, attributes(event))]
pub fn properties(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(properties::expand(&input))
}

// For programs that depend on `product-analytics` alone, which re-exports it as `Properties`.
#[doc(hidden)]
#[doc = include_str!("../docs/properties.md")]
#[proc_macro_derive(ProductProperties, attributes(event))]
pub fn product_properties(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(properties::expand(&path::in_product_analytics(input)))
}

#[doc = include_str!("../docs/property_value.md")]
#[proc_macro_derive(PropertyValue, attributes(event))]
pub fn property_value(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(property_value::expand(&input))
}

// For programs that depend on `product-analytics` alone, which re-exports it as `PropertyValue`.
#[doc(hidden)]
#[doc = include_str!("../docs/property_value.md")]
#[proc_macro_derive(ProductPropertyValue, attributes(event))]
pub fn product_property_value(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(property_value::expand(&path::in_product_analytics(input)))
}

fn generated(code: Result<proc_macro2::TokenStream>) -> TokenStream {
    code.unwrap_or_else(Error::into_compile_error).into()
}
