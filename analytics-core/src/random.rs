//! Randomness for ids, without a system call for each.

use std::cell::RefCell;
use std::collections::hash_map::RandomState;
use std::hash::{BuildHasher, Hash, Hasher};
use std::time::{SystemTime, UNIX_EPOCH};

/// As many numbers as a thread draws before it asks the operating system again. A copy of the process's memory, by a
/// `fork` or a snapshot of the machine, draws the same ones until then.
const DRAWS: u16 = 1_024;

struct Generator {
    numbers: fastrand::Rng,
    draws_left: u16,
}

thread_local! {
    /// Randomness only; it holds no meaning.
    static GENERATOR: RefCell<Generator> =
        const { RefCell::new(Generator { numbers: fastrand::Rng::with_seed(0), draws_left: 0 }) };
}

/// A number of this thread's. It is predictable, and no secret.
pub(crate) fn draw() -> u128 {
    let drawn = GENERATOR.try_with(|generator| {
        // A draw inside a thread-local's destructor cannot meet a borrow: nothing in here calls out.
        let mut generator = generator.try_borrow_mut().ok()?;
        if generator.draws_left == 0 {
            *generator = Generator { numbers: fastrand::Rng::with_seed(from_system()), draws_left: DRAWS };
        }
        generator.draws_left -= 1;
        Some(generator.numbers.u128(..))
    });
    // While the thread ends there may be no generator any more.
    drawn.ok().flatten().unwrap_or_else(|| u128::from(from_system()) << 64 | u128::from(from_system()))
}

/// A number of the operating system's own randomness, which no copy of this process draws as well.
#[must_use]
pub fn from_system() -> u64 {
    getrandom::u64().unwrap_or_else(|_| from_surroundings())
}

/// What tells one process, thread and moment from another, where the operating system gives nothing.
fn from_surroundings() -> u64 {
    let mut hasher = RandomState::new().build_hasher();
    std::process::id().hash(&mut hasher);
    std::thread::current().id().hash(&mut hasher);
    SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().hash(&mut hasher);
    hasher.finish()
}

/// Spreads a number over all 64 bits, so that numbers that differ become others that differ: the finalizer of
/// `SplitMix64`.
pub(crate) const fn spread(number: u64) -> u64 {
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::*;

    #[test]
    fn a_copy_of_a_generator_draws_the_same_until_the_system_is_asked_again_and_not_after() {
        // What a fork or a snapshot does.
        let same_again = || {
            GENERATOR.with(|generator| {
                *generator.borrow_mut() = Generator { numbers: fastrand::Rng::with_seed(7), draws_left: DRAWS };
                (0..2 * DRAWS).map(|_| draw()).collect::<Vec<_>>()
            })
        };
        let (one, other) = (same_again(), same_again());
        let same = one.iter().zip(&other).take_while(|(one, other)| one == other).count();
        assert_eq!(same, usize::from(DRAWS));
        let numbers: HashSet<_> = one.iter().chain(&other).collect();
        assert_eq!(numbers.len(), usize::from(3 * DRAWS));
    }

    #[test]
    fn numbers_of_the_system_and_of_the_surroundings_differ() {
        let numbers: HashSet<_> = (0..1_000).flat_map(|_| [from_system(), from_surroundings()]).collect();
        assert_eq!(numbers.len(), 2_000);
    }
}
