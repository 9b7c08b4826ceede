//! Derives typed analytics events, properties and property values; re-exported by analytics-core

mod attributes;
mod errors;
mod event;
mod generics;
mod names;
mod path;
mod properties;
mod property_value;
mod reserved;
mod suggest;

use proc_macro::TokenStream;
use syn::{DeriveInput, Error, Result, parse_macro_input};

/// Derives `Event`.
#[proc_macro_derive(Event, attributes(event))]
pub fn event(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(event::expand(&input))
}

/// Derives `Properties`.
#[proc_macro_derive(Properties, attributes(event))]
pub fn properties(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(properties::expand(&input))
}

/// Derives `PropertyValue`.
#[proc_macro_derive(PropertyValue, attributes(event))]
pub fn property_value(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input as DeriveInput);
    generated(property_value::expand(&input))
}

fn generated(code: Result<proc_macro2::TokenStream>) -> TokenStream {
    code.unwrap_or_else(Error::into_compile_error).into()
}
