//! The types that a property's values can have.

use crate::event::PropertyDescription;

/// The type of a property's values, as a tracking plan tells it.
#[derive(Clone, Copy, Debug, PartialEq)]
#[non_exhaustive]
pub enum PropertyType {
    /// A string.
    String,
    /// One of these strings.
    OneOf(&'static [&'static str]),
    /// `true` or `false`.
    Boolean,
    /// A whole number.
    Integer,
    /// A number.
    Number,
    /// A moment, written as RFC 3339 in UTC with milliseconds.
    Time,
    /// A list of values of one type.
    List(&'static PropertyType),
    /// An object with known members.
    Object(&'static [PropertyDescription]),
    /// A value that may be absent.
    Optional(&'static PropertyType),
    /// Any JSON.
    Any,
}
