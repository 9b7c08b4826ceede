//! Ids that the service makes up.

/// A new id: the prefix and 16 hexadecimal digits.
pub(crate) fn fresh(prefix: &str) -> String {
    format!("{prefix}_{:016x}", fastrand::u64(..))
}
