//! How often a fault happens, and for how long.

use std::time::Duration;

use super::share::Share;

#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Schedule {
    pub(super) times: Option<u64>,
    pub(super) is_always: bool,
    pub(super) during: Option<Duration>,
    pub(super) share: Option<Share>,
    pub(super) seed: u64,
}

impl Schedule {
    /// To how many requests it happens; `None` for any number.
    pub(super) fn limit(&self) -> Option<u64> {
        let is_bounded = self.is_always || self.during.is_some() || self.share.is_some();
        self.times.or((!is_bounded).then_some(1))
    }

    /// Whether it is for the request that is this many after the one before which it was armed.
    pub(super) fn picks(&self, request: u64) -> bool {
        self.share.is_none_or(|share| share.picks(self.seed, request))
    }
}
