//! Lengths that every backend takes.

/// The longest event name that every backend takes, in bytes of UTF-8.
pub const MAX_EVENT_NAME_BYTES: usize = 200;

/// The longest distinct id that every backend takes, in bytes of UTF-8, with its prefix.
pub const MAX_DISTINCT_ID_BYTES: usize = 200;

/// The longest key of a property that every backend takes, in bytes of UTF-8.
pub const MAX_KEY_BYTES: usize = 200;
