//! Durations as properties: a number has a unit only where somebody wrote it down.

use std::time::Duration;

use super::{PropertyType, PropertyValue, Value};

macro_rules! unit {
    ($($(#[$doc:meta])* $name:ident: $type:ident, |$duration:ident| $value:expr;)*) => { $(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub struct $name(pub Duration);

        impl PropertyValue for $name {
            const TYPE: PropertyType = PropertyType::$type;

            #[inline]
            fn value(&self) -> Option<Value<'_>> {
                let $duration = self.0;
                Some($value)
            }
        }
    )* };
}

unit! {
    /// A duration sent as seconds with a fraction; `#[event(unit = "seconds")]`.
    Seconds: Number, |duration| Value::F64(duration.as_secs_f64());
    /// A duration sent as whole milliseconds; `#[event(unit = "milliseconds")]`.
    Milliseconds: Integer, |duration| whole(duration.as_millis());
    /// A duration sent as whole microseconds; `#[event(unit = "microseconds")]`.
    Microseconds: Integer, |duration| whole(duration.as_micros());
    /// A duration sent as whole nanoseconds; `#[event(unit = "nanoseconds")]`.
    Nanoseconds: Integer, |duration| whole(duration.as_nanos());
}

fn whole(amount: u128) -> Value<'static> {
    u64::try_from(amount).map_or(Value::U128(amount), Value::U64)
}
