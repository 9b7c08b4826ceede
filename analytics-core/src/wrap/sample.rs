//! A sink that takes a share of the actors.

use std::fmt;

use super::around::around;
use crate::actor::Actor;
use crate::ledger::{Captured, DropReason, Drops};
use crate::record::Record;
use crate::sink::AnalyticsSink;

/// Passes on the events of a share of the actors: an actor is in the sample whole or not at all, in every
/// process and on every day. The rest is counted [`DropReason::Sampled`]. Those that pass tell the share
/// ([`Record::sampling_rate`]), so that whoever counts them can tell how many they stand for.
#[derive(Debug)]
pub struct Sample<S> {
    inner: S,
    rate: f64,
    /// Hashes below it are in the sample; `None` takes all.
    below: Option<u64>,
    drops: Drops,
}

/// A share of the actors is a number from 0 to 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct InvalidRate(f64);

impl fmt::Display for InvalidRate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "a sampling rate is a number from 0 to 1, such as 0.1 for one actor in ten; not {}", self.0)
    }
}

impl std::error::Error for InvalidRate {}

impl<S: AnalyticsSink> Sample<S> {
    /// Passes on the events of `rate` of the actors: 0.1 is one in ten.
    ///
    /// # Errors
    /// If `rate` is not a number from 0 to 1.
    pub fn new(inner: S, rate: f64) -> Result<Self, InvalidRate> {
        if !(0.0..=1.0).contains(&rate) {
            return Err(InvalidRate(rate));
        }
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            clippy::cast_precision_loss,
            reason = "a share of all 64-bit hashes, in [0, 2^64)"
        )]
        let below = (rate < 1.0).then_some((rate * u64::MAX as f64) as u64);
        Ok(Self { inner, rate, below, drops: Drops::new() })
    }
}

/// FNV-1a with a finalizer that spreads it over all 64 bits: the same on every machine, unlike std's hashers.
fn hash(actor: &Actor<'_>) -> u64 {
    let id = actor.id();
    let (prefix, text) = id.parts();
    let bytes = prefix.bytes().chain(text.bytes());
    let mut hash =
        bytes.fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xff51_afd7_ed55_8ccd);
    hash = (hash ^ (hash >> 33)).wrapping_mul(0xc4ce_b9fe_1a85_ec53);
    hash ^ (hash >> 33)
}

around!(Sample);

impl<S: AnalyticsSink> Sample<S> {
    /// What becomes of a record.
    fn pass(&self, record: &Record<'_>) -> Captured {
        match self.below {
            Some(below) if hash(&record.actor()) >= below => self.drops.count(record.lane(), DropReason::Sampled),
            Some(_) => self.inner.capture(&record.sampled(self.rate)),
            None => self.inner.capture(record),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_hash_of_an_actor_is_fixed_and_spread() {
        // These values may not change: an actor that is in the sample today must be in it tomorrow.
        assert_eq!(hash(&Actor::user("u1")), hash(&Actor::service("u1")), "the id decides, not the kind");
        assert_eq!(hash(&Actor::session("s1")), hash(&Actor::user("anonymous_s1")));
        let users = (0..10_000_u64).map(|user| hash(&Actor::user(user)));
        let below_a_tenth = users.filter(|hash| *hash < u64::MAX / 10).count();
        assert!((900..1_100).contains(&below_a_tenth), "{below_a_tenth} of 10,000");
    }
}
