//! Which exposures were told.

use std::collections::HashSet;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher;

use crate::actor::Actor;
use crate::context::FlagValue;
use crate::process::ProcessMutex;

/// As many exposures as one of the two generations remembers: half a mebibyte.
const GENERATION: usize = 32_768;

/// Which exposures were told: an actor, a flag and its value each. Of the latest 32,768 none is forgotten, and no more
/// than twice as many are remembered; one that was forgotten is told again.
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
    /// Notes an exposure; tells whether it is the first time.
    pub(super) fn is_new(&self, actor: &Actor<'_>, flag: &str, value: &FlagValue) -> bool {
        let id = actor.id();
        let exposure = self.hasher.hash_one((id.parts(), flag, value));
        // While nobody can remember, nobody can tell twice either: the process is a copy that delivers nothing.
        self.told.lock().is_some_and(|mut told| told.insert(exposure))
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
