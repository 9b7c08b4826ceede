//! What a failed assertion says: what was expected, what comes nearest, and what else was recorded.

mod candidates;
mod did_you_mean;
mod expected;
mod listing;

pub(crate) use self::candidates::{too_few, wrong_number};
pub(crate) use self::did_you_mean::did_you_mean;
pub(crate) use self::expected::expectation;
pub(crate) use self::listing::all;
