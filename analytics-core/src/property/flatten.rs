//! Properties of a field that are shown among those of its struct.

use std::borrow::Cow;

use super::{Key, Properties, Property, PropertyDescription, PropertyType, PropertyVisitor};

/// Properties that are known at compile time, so that a field of the type can be flattened into another:
/// `#[event(flatten)]`. Derived together with [`Properties`]; implemented for maps and pairs as well, of which nothing
/// is known.
#[diagnostic::on_unimplemented(
    message = "`{Self}` cannot be flattened",
    label = "not a described set of properties",
    note = "derive it: `#[derive(Properties)]`; or make it a map of property values"
)]
pub trait DescribedProperties: Properties {
    /// The properties that a value may show, in the order in which they are visited.
    const PROPERTIES: &'static [PropertyDescription];

    /// Whether a value may show others as well, as a map does.
    const HAS_ADDITIONAL: bool;
}

impl<P: DescribedProperties + ?Sized> DescribedProperties for &P {
    const PROPERTIES: &'static [PropertyDescription] = P::PROPERTIES;
    const HAS_ADDITIONAL: bool = P::HAS_ADDITIONAL;
}

/// A flattened field, for derived code.
#[doc(hidden)]
#[derive(Clone, Copy, Debug)]
pub struct Flatten {
    /// What stands before each of its keys.
    prefix: &'static str,
    /// Its properties under their own keys.
    nested: &'static [PropertyDescription],
    /// The same with the prefix.
    flattened: &'static [PropertyDescription],
    /// Everything that is known of the struct that it is flattened into. An additional property under a key of these
    /// is left to the struct.
    all: &'static [PropertyDescription],
}

impl Flatten {
    #[must_use]
    pub const fn new(
        prefix: &'static str,
        nested: &'static [PropertyDescription],
        flattened: &'static [PropertyDescription],
        all: &'static [PropertyDescription],
    ) -> Self {
        Self { prefix, nested, flattened, all }
    }

    /// Shows the field's properties to `visitor`, under their keys in the struct.
    pub fn visit<F: DescribedProperties>(&self, field: &F, visitor: &mut dyn PropertyVisitor) {
        field.visit_properties(&mut Flattening { flatten: self, next: 0, inner: visitor });
    }
}

struct Flattening<'v> {
    flatten: &'v Flatten,
    /// Where the next property is found if the field shows all of them in their order.
    next: usize,
    inner: &'v mut dyn PropertyVisitor,
}

impl Flattening<'_> {
    fn position(&self, name: &str) -> Option<usize> {
        let nested = self.flatten.nested;
        let from_next = (self.next..nested.len()).chain(0..self.next);
        from_next.into_iter().find(|index| nested.get(*index).is_some_and(|property| property.name() == name))
    }
}

impl PropertyVisitor for Flattening<'_> {
    fn visit(&mut self, property: &Property<'_>) {
        let Flatten { prefix, flattened, all, .. } = *self.flatten;
        let name = property.key().name();
        if let Some(index) = self.position(name) {
            self.next = index + 1;
            if let Some(described) = flattened.get(index) {
                self.inner.visit(&property.under(&described.key()));
            }
            return;
        }
        let name = if prefix.is_empty() { Cow::Borrowed(name) } else { Cow::Owned(format!("{prefix}{name}")) };
        if !all.iter().any(|described| described.name() == name) {
            self.inner.visit(&property.under(&Key::new(&name)));
        }
    }
}

/// What derived code works out at compile time.
#[expect(clippy::indexing_slicing, clippy::panic, reason = "evaluated at compile time; iterators are not const")]
impl PropertyDescription {
    /// The sum of the keys' lengths, each with the prefix.
    #[doc(hidden)]
    #[must_use]
    pub const fn bytes_of_keys(prefix: &str, properties: &[Self]) -> usize {
        let (mut bytes, mut index) = (0, 0);
        while index < properties.len() {
            bytes += prefix.len() + properties[index].name().len();
            index += 1;
        }
        bytes
    }

    /// The keys, each with the prefix, one behind the other.
    #[doc(hidden)]
    #[must_use]
    pub const fn prefixed_keys<const BYTES: usize>(prefix: &str, properties: &[Self]) -> [u8; BYTES] {
        let mut keys = [0; BYTES];
        let (mut filled, mut index) = (0, 0);
        while index < properties.len() {
            filled = append(&mut keys, filled, prefix);
            filled = append(&mut keys, filled, properties[index].name());
            index += 1;
        }
        keys
    }

    /// The same properties under `keys`, which [`prefixed_keys`](Self::prefixed_keys) has made.
    ///
    /// # Panics
    /// At compile time only, if these are other keys.
    #[doc(hidden)]
    #[must_use]
    pub const fn flattened<const N: usize>(
        prefix: &str,
        properties: &'static [Self],
        mut keys: &'static [u8],
    ) -> [Self; N] {
        let mut flattened = [Self::new("", PropertyType::Any); N];
        let mut index = 0;
        while index < N {
            let nested = &properties[index];
            let (key, rest) = keys.split_at(prefix.len() + nested.name().len());
            keys = rest;
            let Ok(key) = std::str::from_utf8(key) else { panic!("keys are made of whole strings") };
            let described = Self::new(key, nested.property_type());
            flattened[index] = described.with_doc(nested.doc()).with_privacy(nested.privacy());
            index += 1;
        }
        flattened
    }

    /// The same properties, of a field that may be absent.
    #[doc(hidden)]
    #[must_use]
    pub const fn optional<const N: usize>(properties: &'static [Self]) -> [Self; N] {
        let mut optional = [Self::new("", PropertyType::Any); N];
        let mut index = 0;
        while index < N {
            let described = &properties[index];
            let absent_or_so = Self::new(described.name(), described.optional_type());
            optional[index] = absent_or_so.with_doc(described.doc()).with_privacy(described.privacy());
            index += 1;
        }
        optional
    }

    /// Joins the properties of a struct's own fields and of its flattened ones.
    ///
    /// # Panics
    /// At compile time only, if a key stands there twice.
    #[doc(hidden)]
    #[must_use]
    pub const fn joined<const N: usize>(parts: &[&[Self]]) -> [Self; N] {
        let mut all = [Self::new("", PropertyType::Any); N];
        let (mut filled, mut part) = (0, 0);
        while part < parts.len() {
            let mut index = 0;
            while index < parts[part].len() {
                let property = parts[part][index];
                let mut earlier = 0;
                while earlier < filled {
                    if is_equal(all[earlier].name(), property.name()) {
                        refuse_key(property.name());
                    }
                    earlier += 1;
                }
                all[filled] = property;
                filled += 1;
                index += 1;
            }
            part += 1;
        }
        all
    }
}

/// Refuses, at compile time, more than one flattened field with properties that nobody knows then.
///
/// # Panics
/// At compile time only.
#[doc(hidden)]
pub const fn refuse_two_with_additional(fields: usize) {
    assert!(
        fields <= 1,
        "two maps are flattened, and nobody knows whether they have a key in common: flatten one of them only"
    );
}

const fn is_equal(one: &str, other: &str) -> bool {
    let (one, other) = (one.as_bytes(), other.as_bytes());
    let mut index = 0;
    #[expect(clippy::indexing_slicing, reason = "iterators are not const")]
    while index < one.len() && index < other.len() && one[index] == other[index] {
        index += 1;
    }
    one.len() == other.len() && index == one.len()
}

/// Fails the compilation for a key that stands there twice.
#[expect(clippy::panic, reason = "evaluated at compile time")]
const fn refuse_key(key: &str) -> ! {
    let mut text = [b' '; 512];
    let mut filled = append(&mut text, 0, "a flattened field brings the key `");
    filled = append(&mut text, filled, key);
    filled = append(
        &mut text,
        filled,
        "`, which is there already: give the flattened field a `prefix`, or the other \
                                        a key of its own with `rename`",
    );
    match std::str::from_utf8(text.split_at(filled).0) {
        Ok(text) => panic!("{}", text),
        Err(_) => panic!("a flattened field brings a key that is there already: give it a `prefix`"),
    }
}

/// Copies `text` to `bytes` from `from` on, as much as has room, and says where it ends.
#[expect(clippy::indexing_slicing, reason = "evaluated at compile time; iterators are not const")]
const fn append(bytes: &mut [u8], from: usize, text: &str) -> usize {
    let mut index = 0;
    while index < text.len() && from + index < bytes.len() {
        bytes[from + index] = text.as_bytes()[index];
        index += 1;
    }
    from + index
}
