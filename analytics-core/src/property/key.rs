//! A property's key.

use std::fmt;

use super::PropertyDescription;

/// A property's key, with what a writer wants to know about it worked out once.
///
/// For a literal that is at compile time: `const { &Key::literal("tool_name") }`.
#[derive(Clone, Copy)]
pub struct Key<'a> {
    name: &'a str,
    bit: u64,
    plain: bool,
    description: Option<&'static PropertyDescription>,
}

impl Key<'static> {
    /// The key `name`, worked out at compile time when called in a `const` block.
    #[must_use]
    pub const fn literal(name: &'static str) -> Self {
        Key::new(name)
    }
}

impl PropertyDescription {
    /// The key of a property so described.
    #[must_use]
    pub const fn key(&'static self) -> Key<'static> {
        let mut key = Key::new(self.name());
        key.description = Some(self);
        key
    }
}

impl<'a> Key<'a> {
    /// The key `name`.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "bounded by the loop's condition; iterators are not const")]
    pub const fn new(name: &'a str) -> Self {
        let bytes = name.as_bytes();
        // FNV-1a: small, const, and good enough to spread a few keys over 64 bits.
        let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
        let mut plain = true;
        let mut index = 0;
        while index < bytes.len() {
            let byte = bytes[index];
            hash = (hash ^ byte as u64).wrapping_mul(0x0100_0000_01b3);
            plain = plain && byte >= 0x20 && byte != b'"' && byte != b'\\';
            index += 1;
        }
        Self { name, bit: 1 << (hash >> 58), plain, description: None }
    }

    /// The key as it is written on the wire, unescaped.
    #[must_use]
    pub const fn name(&self) -> &'a str {
        self.name
    }

    /// What the event's type says about this property.
    #[must_use]
    pub const fn description(&self) -> Option<&'static PropertyDescription> {
        self.description
    }

    pub(crate) const fn rebuilt(name: &'a str, bit: u64, plain: bool) -> Self {
        Self { name, bit, plain, description: None }
    }

    /// One of 64 bits, chosen by the name: two keys with different bits differ.
    pub(crate) const fn bit(&self) -> u64 {
        self.bit
    }

    /// Whether the name's JSON spelling is the name itself between quotes.
    pub(crate) const fn is_plain(&self) -> bool {
        self.plain
    }
}

/// A copy of a key, and of what was worked out about it.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct OwnedKey {
    name: Box<str>,
    bit: u64,
    plain: bool,
}

impl OwnedKey {
    pub(crate) fn new(name: impl Into<Box<str>>) -> Self {
        let name = name.into();
        let Key { bit, plain, .. } = Key::new(&name);
        Self { name, bit, plain }
    }

    pub(crate) fn as_key(&self) -> Key<'_> {
        Key::rebuilt(&self.name, self.bit, self.plain)
    }
}

impl fmt::Debug for OwnedKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&self.name, f)
    }
}

impl PartialEq for Key<'_> {
    fn eq(&self, other: &Self) -> bool {
        self.bit == other.bit && self.name == other.name
    }
}

impl Eq for Key<'_> {}

impl fmt::Debug for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(self.name, f)
    }
}

impl fmt::Display for Key<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.name)
    }
}
