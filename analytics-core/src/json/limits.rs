//! What one event may weigh.

use analytics_rules::MAX_KEY_BYTES;

/// What one event may weigh, checked while it is written.
///
/// ```
/// use analytics_core::json::Limits;
///
/// let limits = Limits::default().with_bytes(64 * 1024).with_depth(8);
/// assert_eq!((limits.bytes, limits.properties), (65_536, 1_000));
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// Bytes of JSON. Default 900 KiB.
    pub bytes: usize,
    /// Levels of nested lists and objects inside one property. Default 64.
    pub depth: usize,
    /// Properties. Default 1,000.
    pub properties: usize,
    /// Bytes of a key. Default 200.
    pub key_bytes: usize,
}

impl Limits {
    /// The defaults.
    pub const DEFAULT: Self = Self { bytes: 900 * 1024, depth: 64, properties: 1_000, key_bytes: MAX_KEY_BYTES };

    /// With at most so many bytes of JSON.
    #[must_use]
    pub const fn with_bytes(mut self, bytes: usize) -> Self {
        self.bytes = bytes;
        self
    }

    /// With at most so many levels inside one property.
    #[must_use]
    pub const fn with_depth(mut self, depth: usize) -> Self {
        self.depth = depth;
        self
    }

    /// With at most so many properties.
    #[must_use]
    pub const fn with_properties(mut self, properties: usize) -> Self {
        self.properties = properties;
        self
    }

    /// With keys of at most so many bytes.
    #[must_use]
    pub const fn with_key_bytes(mut self, key_bytes: usize) -> Self {
        self.key_bytes = key_bytes;
        self
    }
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
