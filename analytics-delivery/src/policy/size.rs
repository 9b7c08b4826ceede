//! How much one request carries over a slow link.

use std::time::Duration;

/// No request is made smaller for slowness than this.
const LEAST_BYTES: usize = 4 << 10;

/// The bytes of events that one request may carry. What is too much for a link in the time that there is would never
/// pass: an attempt that ends at its timeout makes it a quarter, because what was sent of it clogs the link for a while.
/// One that arrives in less than a third of the time doubles it, in less than two thirds adds a quarter, up to the
/// setting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchSize {
    bytes: usize,
    most: usize,
    timeout: Duration,
}

impl BatchSize {
    /// As much as is set, with `timeout` for an attempt.
    pub(crate) fn new(most: usize, timeout: Duration) -> Self {
        Self { bytes: most, most, timeout }
    }

    pub(crate) fn bytes(self) -> usize {
        self.bytes
    }

    /// Whether requests are smaller than they might be; then the link is not shared by several.
    pub(crate) fn is_reduced(self) -> bool {
        self.bytes < self.most
    }

    /// A request of `bytes` had no answer in time; tells whether that was too much for the link. It says nothing of a
    /// link if it `took` far longer than the timeout, because the whole process was frozen, nor if it was small.
    pub(crate) fn timed_out(&mut self, bytes: usize, took: Duration) -> bool {
        if took > self.timeout.saturating_mul(2) || bytes <= LEAST_BYTES {
            return false;
        }
        self.bytes = (self.bytes.min(bytes) / 4).max(LEAST_BYTES).min(self.most);
        bytes > self.bytes
    }

    /// A request arrived after `took`.
    pub(crate) fn arrived(&mut self, took: Duration) {
        let more = match took {
            _ if took < self.timeout / 3 => self.bytes,
            _ if took < self.timeout * 2 / 3 => self.bytes / 4,
            _ => 0,
        };
        self.bytes = self.bytes.saturating_add(more).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TIMEOUT: Duration = Duration::from_secs(15);
    const FAST: Duration = Duration::from_secs(1);
    const SLOW: Duration = Duration::from_secs(10);

    #[test]
    fn a_slow_link_gets_smaller_requests_and_a_fast_one_as_large_ones_as_are_set() {
        let mut size = BatchSize::new(1 << 20, TIMEOUT);
        assert!(size.timed_out(1 << 20, TIMEOUT));
        assert_eq!((size.bytes(), size.is_reduced()), (256 << 10, true));
        assert!(size.timed_out(200 << 10, TIMEOUT));
        assert_eq!(size.bytes(), 50 << 10);
        size.arrived(SLOW);
        assert_eq!(size.bytes(), 50 << 10, "more might not pass");
        size.arrived(TIMEOUT / 2);
        assert_eq!(size.bytes(), (50 << 10) * 5 / 4);
        (0..20).for_each(|_| assert!(size.timed_out(1 << 20, TIMEOUT)));
        assert_eq!(size.bytes(), LEAST_BYTES);
        (0..20).for_each(|_| size.arrived(FAST));
        assert_eq!((size.bytes(), size.is_reduced()), (1 << 20, false));
    }

    #[test]
    fn a_setting_below_the_least_is_kept() {
        let mut size = BatchSize::new(1_000, TIMEOUT);
        assert!(!size.timed_out(900, TIMEOUT));
        assert_eq!((size.bytes(), size.is_reduced()), (1_000, false));
    }

    #[test]
    fn a_small_request_says_nothing_of_a_link() {
        let mut size = BatchSize::new(1 << 20, TIMEOUT);
        assert!(!size.timed_out(LEAST_BYTES, TIMEOUT) && !size.is_reduced());
    }

    #[test]
    fn a_process_that_was_frozen_has_no_slow_link() {
        let mut size = BatchSize::new(1 << 20, TIMEOUT);
        assert!(!size.timed_out(1 << 20, 3 * TIMEOUT) && !size.is_reduced());
    }
}
