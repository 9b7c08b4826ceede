//! The types that can be a property's value.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv4Addr, Ipv6Addr};
use std::num::{
    NonZeroI8, NonZeroI16, NonZeroI32, NonZeroI64, NonZeroIsize, NonZeroU8, NonZeroU16, NonZeroU32, NonZeroU64,
    NonZeroUsize,
};
use std::rc::Rc;
use std::sync::Arc;
use std::time::SystemTime;

use serde::Serialize;

use super::{Json, PropertyType, Value, ValueList};
use crate::id::EventId;

/// A type whose values can be a property.
///
/// **Money** is two properties, whole minor units and a currency (`amount_minor: 1990`, `currency: "EUR"`), or a
/// decimal as a string (`rust_decimal::Decimal`, by the feature `rust_decimal`). A float loses cents.
///
/// **Durations** have a unit where somebody wrote it down: `#[event(unit = "milliseconds")]`. **Times** are written in
/// UTC; a time without a zone is no property value, because a server would have to guess the zone.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be the value of a property",
    label = "not a property value",
    note = "a `Duration`: put `#[event(unit = \"milliseconds\")]` on the field",
    note = "a type of `chrono`, `jiff`, `rust_decimal`, `time`, `url` or `uuid`: switch on the cargo feature of that name, \
            of `product-analytics` or `analytics-core`",
    note = "an enum of unit variants or a newtype: `#[derive(PropertyValue)]`",
    note = "a struct as a nested object: `#[derive(Properties, PropertyValue)]`",
    note = "any other type with `Display`: put `#[event(display)]` on the field",
    note = "any other type with `Serialize`: wrap it as `Json(value)`"
)]
pub trait PropertyValue {
    /// The type that a tracking plan shows.
    const TYPE: PropertyType;

    /// The value; `None` if it is absent, and then the property is not sent.
    fn value(&self) -> Option<Value<'_>>;
}

macro_rules! scalar {
    ($type:expr, |$value:ident| $body:expr; $($target:ty)*) => { $(
        impl PropertyValue for $target {
            const TYPE: PropertyType = $type;

            #[inline]
            #[allow(clippy::cast_lossless, clippy::unnecessary_cast, reason = "one macro for all widths, each of which fits")]
            fn value(&self) -> Option<Value<'_>> {
                let $value = self;
                Some($body)
            }
        }
    )* };
}

scalar!(PropertyType::String, |text| Value::Str(text); str &str String Box<str> Arc<str> Rc<str> Cow<'_, str>);
scalar!(PropertyType::String, |value| Value::Display(value); char IpAddr Ipv4Addr Ipv6Addr EventId);
scalar!(PropertyType::Boolean, |value| Value::Bool(*value); bool);
scalar!(PropertyType::Integer, |value| Value::I64(*value as i64); i8 i16 i32 i64 isize);
scalar!(PropertyType::Integer, |value| Value::U64(*value as u64); u8 u16 u32 u64 usize);
scalar!(PropertyType::Integer, |value| Value::I64(value.get() as i64); NonZeroI8 NonZeroI16 NonZeroI32 NonZeroI64 NonZeroIsize);
scalar!(PropertyType::Integer, |value| Value::U64(value.get() as u64); NonZeroU8 NonZeroU16 NonZeroU32 NonZeroU64 NonZeroUsize);
scalar!(PropertyType::Integer, |value| Value::I128(*value); i128);
scalar!(PropertyType::Integer, |value| Value::U128(*value); u128);
scalar!(PropertyType::Number, |value| Value::F32(*value); f32);
scalar!(PropertyType::Number, |value| Value::F64(*value); f64);
scalar!(PropertyType::Time, |value| Value::Time(*value); SystemTime);

impl<T: PropertyValue> PropertyValue for Option<T> {
    const TYPE: PropertyType = PropertyType::Optional(const { &T::TYPE });

    #[inline]
    fn value(&self) -> Option<Value<'_>> {
        self.as_ref().and_then(T::value)
    }
}

macro_rules! pointer {
    ($($target:ty)*) => { $(
        impl<T: PropertyValue> PropertyValue for $target {
            const TYPE: PropertyType = T::TYPE;

            #[inline]
            fn value(&self) -> Option<Value<'_>> {
                (**self).value()
            }
        }
    )* };
}

pointer!(&T Box<T> Arc<T> Rc<T>);

macro_rules! list {
    ($([$($generics:tt)*] $target:ty;)*) => { $(
        impl<T: PropertyValue, $($generics)*> PropertyValue for $target {
            const TYPE: PropertyType = PropertyType::List(const { &T::TYPE });

            #[inline]
            fn value(&self) -> Option<Value<'_>> {
                Some(Value::List(self))
            }
        }

        impl<T: PropertyValue, $($generics)*> ValueList for $target {
            fn visit_values(&self, visit: &mut dyn FnMut(Value<'_>)) {
                for item in self.iter() {
                    visit(item.value().unwrap_or(Value::Null));
                }
            }
        }
    )* };
}

list! {
    [] Vec<T>;
    [] &[T];
    [] Box<[T]>;
    [] Arc<[T]>;
    [const N: usize] [T; N];
}

impl<T: Serialize> PropertyValue for Json<T> {
    const TYPE: PropertyType = PropertyType::Any;

    fn value(&self) -> Option<Value<'_>> {
        Some(Value::Json(self))
    }
}

impl<'a, T: PropertyValue> From<&'a T> for Value<'a> {
    fn from(value: &'a T) -> Self {
        value.value().unwrap_or(Self::Null)
    }
}

/// Types of other crates. A time without a zone is none of them: a server would have to guess one.
mod foreign {
    #[cfg(any(
        feature = "chrono",
        feature = "jiff",
        feature = "rust_decimal",
        feature = "time",
        feature = "url",
        feature = "uuid"
    ))]
    use super::{PropertyType, PropertyValue, Value};

    #[cfg(feature = "chrono")]
    impl<Z: chrono::TimeZone> PropertyValue for chrono::DateTime<Z> {
        const TYPE: PropertyType = PropertyType::Time;

        fn value(&self) -> Option<Value<'_>> {
            Some(Value::Time(self.to_utc().into()))
        }
    }

    #[cfg(feature = "chrono")]
    scalar!(PropertyType::String, |date| Value::Display(date); chrono::NaiveDate);

    #[cfg(feature = "jiff")]
    scalar!(PropertyType::Time, |at| Value::Time((*at).into()); jiff::Timestamp);
    #[cfg(feature = "jiff")]
    scalar!(PropertyType::Time, |at| Value::Time(at.timestamp().into()); jiff::Zoned);
    #[cfg(feature = "jiff")]
    scalar!(PropertyType::String, |date| Value::Display(date); jiff::civil::Date);

    #[cfg(feature = "time")]
    scalar!(PropertyType::Time, |at| Value::Time((*at).into()); time::OffsetDateTime);
    #[cfg(feature = "time")]
    scalar!(PropertyType::String, |date| Value::Display(date); time::Date);

    // A decimal is a string: a JSON number would pass through binary floating point on its way.
    #[cfg(feature = "rust_decimal")]
    scalar!(PropertyType::String, |value| Value::Display(value); rust_decimal::Decimal);

    #[cfg(feature = "url")]
    scalar!(PropertyType::String, |url| Value::Str(url.as_str()); url::Url);

    #[cfg(feature = "uuid")]
    scalar!(PropertyType::String, |id| Value::Display(id); uuid::Uuid);
}
