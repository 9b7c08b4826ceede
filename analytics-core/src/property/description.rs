//! What is known about a property at compile time. Free unless it is read.

/// How a property's values may be treated.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum Privacy {
    /// Nothing was declared.
    #[default]
    Unclassified,
    /// Tells nothing about a person.
    Public,
    /// Tells something about a person.
    Personal,
    /// Must not leave the service as it is.
    Sensitive,
}

analytics_rules::words! {
    Privacy { Unclassified = "unclassified", Public = "public", Personal = "personal", Sensitive = "sensitive" }
}

/// One property of an event's type.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct PropertyDescription {
    name: &'static str,
    property_type: PropertyType,
    doc: &'static str,
    privacy: Privacy,
}

impl PropertyDescription {
    /// Describes the property `name` of type `property_type`, without documentation.
    #[must_use]
    pub const fn new(name: &'static str, property_type: PropertyType) -> Self {
        Self { name, property_type, doc: "", privacy: Privacy::Unclassified }
    }

    /// Adds the field's documentation.
    #[must_use]
    pub const fn with_doc(mut self, doc: &'static str) -> Self {
        self.doc = doc;
        self
    }

    /// Adds the field's privacy class.
    #[must_use]
    pub const fn with_privacy(mut self, privacy: Privacy) -> Self {
        self.privacy = privacy;
        self
    }

    /// The property's key on the wire.
    #[must_use]
    pub const fn name(&self) -> &'static str {
        self.name
    }

    /// The type of its values.
    #[must_use]
    pub const fn property_type(&self) -> PropertyType {
        self.property_type
    }

    /// The type of its values where it may be absent.
    pub(super) const fn optional_type(&'static self) -> PropertyType {
        match self.property_type {
            PropertyType::Optional(_) => self.property_type,
            _ => PropertyType::Optional(&self.property_type),
        }
    }

    /// The field's documentation; empty where there is none.
    #[must_use]
    pub const fn doc(&self) -> &'static str {
        self.doc
    }

    /// The field's privacy class.
    #[must_use]
    pub const fn privacy(&self) -> Privacy {
        self.privacy
    }
}

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
