//! Properties that mean something to PostHog.

use analytics_core::json::{JsonWriter, Limits, PropertyWriter, write_string};
use analytics_core::{DropReason, Property, PropertyVisitor, Value};

use super::lifted::Lifted;
use crate::Protocol;

/// Keys with which an event could overwrite its identity or what else is the backend's to say.
const RESERVED: [&str; 17] = [
    "$anon_distinct_id",
    "$create_alias",
    "$distinct_id",
    "$group_key",
    "$group_set",
    "$group_type",
    "$groups",
    "$lib",
    "$lib_version",
    "$set",
    "$set_once",
    "$token",
    "$unset",
    "alias",
    "api_key",
    "distinct_id",
    "token",
];

/// What the record says itself, so that the backend does not say it again.
#[derive(Debug, Default)]
pub(super) struct Overrides {
    /// An address of its own, or a switch.
    pub(super) geoip: bool,
    pub(super) is_server: bool,
    pub(super) person_profile: bool,
    /// What the newer protocol has places for beside the properties.
    pub(super) lifted: Lifted,
}

/// Writes the record's own properties, and leaves out those that would break more than themselves.
pub(super) struct Own<'w, 'o> {
    inner: PropertyWriter<'w>,
    overrides: &'o mut Overrides,
    protocol: Protocol,
}

/// What becomes of a property.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Fate {
    Written,
    LeftOut,
    /// It was written elsewhere.
    Lifted,
}

impl<'w, 'o> Own<'w, 'o> {
    pub(super) fn new(inner: PropertyWriter<'w>, overrides: &'o mut Overrides, protocol: Protocol) -> Self {
        Self { inner, overrides, protocol }
    }

    pub(super) fn finish(self) -> Result<u32, DropReason> {
        self.inner.finish()
    }

    /// Notes what the record says itself; leaves out what PostHog would take for something else.
    fn note(&mut self, key: &str, value: Value<'_>) -> Fate {
        let is_bool = matches!(value, Value::Bool(_));
        let is_right = match key {
            "$ip" => {
                // Where PostHog finds nothing it fills in the connection's address, the server's.
                let is_text = is_text(value);
                self.overrides.geoip |= is_text;
                is_text
            }
            "$geoip_disable" => {
                self.overrides.geoip |= is_bool;
                is_bool
            }
            "$is_server" => {
                self.overrides.is_server |= is_bool;
                is_bool
            }
            "$process_person_profile" => {
                self.overrides.person_profile |= is_bool;
                is_bool
            }
            // A request with one that is no boolean is refused whole.
            "$cookieless_mode" => is_bool,
            _ => !RESERVED.contains(&key),
        };
        match (is_right, self.protocol) {
            (false, _) => Fate::LeftOut,
            (true, Protocol::V1) => self.lift(key, value),
            (true, _) => Fate::Written,
        }
    }

    fn lift(&mut self, key: &str, value: Value<'_>) -> Fate {
        match self.overrides.lifted.take(key, value) {
            None => Fate::Written,
            Some(true) => Fate::Lifted,
            Some(false) => Fate::LeftOut,
        }
    }
}

impl PropertyVisitor for Own<'_, '_> {
    fn visit(&mut self, property: &Property<'_>) {
        let key = property.key().name();
        // Few keys begin with a letter that any of the list begins with.
        let is_special = matches!(key.as_bytes().first(), Some(b'$' | b'a' | b'd' | b't'));
        let fate = if is_special { self.note(key, property.value()) } else { Fate::Written };
        match fate {
            Fate::Written => self.inner.visit(property),
            Fate::LeftOut => self.inner.leave_out(),
            Fate::Lifted => {}
        }
    }
}

/// Whether a value is written as a text that is not blank.
fn is_text(value: Value<'_>) -> bool {
    match value {
        Value::Str(text) => !text.trim().is_empty(),
        Value::Time(_) => true,
        Value::Display(_) | Value::Json(_) => {
            let mut written = Vec::new();
            let is_written = JsonWriter::new(&mut written, &Limits::DEFAULT).value(value).is_ok();
            let text = serde_json::from_slice::<String>(&written);
            is_written && text.is_ok_and(|text| !text.trim().is_empty())
        }
        _ => false,
    }
}

/// `"key":["name", …]`, or nothing if there is no name.
pub(super) fn write_names(out: &mut Vec<u8>, key: &str, first: bool, visit: impl FnOnce(&mut dyn PropertyVisitor)) {
    struct Names<'o> {
        out: &'o mut Vec<u8>,
        key: &'o str,
        first: bool,
        count: usize,
    }

    impl PropertyVisitor for Names<'_> {
        fn visit(&mut self, property: &Property<'_>) {
            if self.count == 0 {
                if !self.first {
                    self.out.push(b',');
                }
                write_string(self.out, self.key);
                self.out.extend_from_slice(b":[");
            } else {
                self.out.push(b',');
            }
            write_string(self.out, property.key().name());
            self.count += 1;
        }
    }

    let mut names = Names { out, key, first, count: 0 };
    visit(&mut names);
    if names.count > 0 {
        out.push(b']');
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reserved_key_is_looked_at() {
        for key in RESERVED {
            assert!(matches!(key.as_bytes()[0], b'$' | b'a' | b'd' | b't'), "{key}");
        }
    }
}
