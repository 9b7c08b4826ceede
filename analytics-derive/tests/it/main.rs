//! What derived code does, and what the derives refuse.

#![deny(warnings, missing_docs, unused_qualifications, unreachable_pub, clippy::pedantic, clippy::nursery)]

mod enums;
mod fields;
mod flatten;
pub mod lints;
mod properties;
mod refusals;
mod structs;
mod type_parameters;
mod values;
mod wrapping;

use analytics_core::{OwnedProperty, Properties};

/// What `properties` shows, in the form that people read.
fn shown(properties: &dyn Properties) -> String {
    let shown: Vec<String> = OwnedProperty::collect(properties)
        .iter()
        .map(|property| format!("{}={}", property.key(), property.value()))
        .collect();
    shown.join(" ")
}
