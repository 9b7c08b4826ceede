//! What is told once for each key.

use std::collections::HashSet;

use crate::process::ProcessMutex;

/// As many keys as are remembered. A service has fewer; one that makes keys up has told enough by then.
const MOST: usize = 256;

/// Tells which keys are new, for a log that has one line for each. Later ones than the first 256 are never new.
#[derive(Debug, Default)]
pub struct OncePerKey(ProcessMutex<HashSet<Box<str>>>);

impl OncePerKey {
    /// No key yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Notes a key; tells whether it is the first time.
    pub fn is_first(&self, key: &str) -> bool {
        let Some(mut keys) = self.0.lock() else { return false };
        keys.len() < MOST && !keys.contains(key) && keys.insert(key.into())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_key_is_new_once_and_the_memory_has_an_end() {
        let keys = OncePerKey::new();
        assert_eq!(["a", "b", "a"].map(|key| keys.is_first(key)), [true, true, false]);
        let new = (0..1_000).filter(|key| keys.is_first(&key.to_string())).count();
        assert_eq!(new, MOST - 2);
    }
}
