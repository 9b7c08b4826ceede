//! What a failed assertion says: what was expected, what comes nearest, and what else was recorded.

mod candidates;
mod clip;
mod expected;
mod listing;
mod suggest;

pub(crate) use self::candidates::{too_few, wrong_number};
#[cfg(feature = "server")]
pub(crate) use self::clip::line;
pub(crate) use self::clip::pair;
pub(crate) use self::expected::expectation;
pub(crate) use self::listing::all;
pub(crate) use self::suggest::{closest, did_you_mean, listed};
