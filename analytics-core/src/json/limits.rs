//! What one event may weigh.

use analytics_rules::MAX_KEY_BYTES;

/// What one event may weigh, checked while it is written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
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
}

impl Default for Limits {
    fn default() -> Self {
        Self::DEFAULT
    }
}
