//! Which exposures were told.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash, Hasher};

use crate::actor::Actor;
use crate::context::FlagValue;
use crate::process::ProcessMutex;
use crate::property::{Properties, Property, PropertyVisitor};

/// As many exposures as one of the two generations remembers: half a mebibyte.
const GENERATION: usize = 32_768;

/// Which exposures were told: an actor in their groups, a flag and its value each. Of the latest 32,768 none is
/// forgotten, and no more than twice as many are remembered; one that was forgotten is told again.
#[derive(Debug, Default)]
pub(super) struct Exposures {
    hasher: RandomState,
    told: ProcessMutex<Generations>,
}

#[derive(Debug, Default)]
struct Generations {
    current: HashSet<u64>,
    previous: HashSet<u64>,
}

impl Exposures {
    /// What tells one exposure from another: the id as it is sent, the groups in which it happens, the flag and its
    /// value.
    pub(super) fn exposure(&self, actor: &Actor<'_>, groups: &dyn Properties, flag: &str, value: &FlagValue) -> u64 {
        struct Hashing<H>(H);

        impl<H: Hasher> PropertyVisitor for Hashing<H> {
            fn visit(&mut self, property: &Property<'_>) {
                (property.key().name(), property.json()).hash(&mut self.0);
            }
        }

        let mut hashing = Hashing(self.hasher.build_hasher());
        let id = actor.id();
        let (prefix, text) = id.parts();
        // Joined, as they are sent.
        hashing.0.write(prefix.as_bytes());
        hashing.0.write(text.as_bytes());
        groups.visit_properties(&mut hashing);
        (0xff_u8, flag, value).hash(&mut hashing.0);
        hashing.0.finish()
    }

    /// Notes an exposure; tells whether it is the first time.
    pub(super) fn is_new(&self, exposure: u64) -> bool {
        // While nobody can remember, nobody can tell twice either: the process is a copy that delivers nothing.
        self.told.lock().is_some_and(|mut told| told.insert(exposure))
    }

    /// Forgets an exposure that was not told after all.
    pub(super) fn forget(&self, exposure: u64) {
        if let Some(mut told) = self.told.lock() {
            told.current.remove(&exposure);
            told.previous.remove(&exposure);
        }
    }
}

impl Generations {
    fn insert(&mut self, exposure: u64) -> bool {
        if self.current.contains(&exposure) {
            return false;
        }
        if self.current.len() == GENERATION {
            self.previous = std::mem::take(&mut self.current);
        }
        self.current.insert(exposure);
        !self.previous.contains(&exposure)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_memory_has_an_end_and_the_latest_are_in_it() {
        let mut told = Generations::default();
        let all = 5 * GENERATION as u64 / 2;
        for exposure in 0..all {
            assert!(told.insert(exposure));
            assert!(told.current.len() + told.previous.len() <= 2 * GENERATION);
        }
        let latest = all - GENERATION as u64..all;
        assert!(latest.clone().all(|exposure| told.current.contains(&exposure) || told.previous.contains(&exposure)));
        assert!(!told.insert(latest.start), "remembered");
        assert!(told.insert(0), "forgotten");
    }
}
