//! How much room a scope's members take.

use crate::json;
use crate::property::{Properties, Property, PropertyVisitor, Value};
use crate::unwind::catch_panic;

/// What a child takes beyond what its parent has, so that there is room for all at once.
#[derive(Clone, Copy)]
pub(crate) struct Room {
    pub(super) bytes: usize,
    pub(super) members: usize,
}

impl Room {
    /// For what is not known before.
    pub(crate) const ANY: Self = Self { bytes: 1_024, members: 12 };

    pub(crate) fn for_value(key: &str, value: Value<'_>) -> Self {
        let value_bytes = match value {
            // Where something is escaped, the string stands there as well.
            Value::Str(text) => match json::escaped_len(text) {
                same if same == text.len() => same + 2,
                escaped => escaped + 2 + text.len(),
            },
            // A number's digits, a moment, a short list.
            _ => 40,
        };
        Self { bytes: key.len() + value_bytes, members: 1 }
    }

    pub(crate) fn for_properties(properties: &dyn Properties) -> Self {
        let mut room = Self { bytes: 0, members: 0 };
        // Whoever puts them reads them once more, and tells of a panic.
        catch_panic(|| properties.visit_properties(&mut room));
        room
    }
}

impl PropertyVisitor for Room {
    fn visit(&mut self, property: &Property<'_>) {
        let more = Self::for_value(property.key().name(), property.value());
        self.bytes += more.bytes;
        self.members += more.members;
    }
}
