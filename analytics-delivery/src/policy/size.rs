//! How much one request carries over a slow link.

/// No request is made smaller for slowness than this.
const LEAST_BYTES: usize = 4 << 10;

/// The bytes of events that one request may carry. An attempt that ends at its timeout halves it, one that arrives
/// doubles it, up to the setting: what is too much for a link in the time that there is would never pass.
#[derive(Clone, Copy, Debug)]
pub(crate) struct BatchSize {
    bytes: usize,
    most: usize,
}

impl BatchSize {
    pub(crate) fn new(most: usize) -> Self {
        Self { bytes: most, most }
    }

    pub(crate) fn bytes(self) -> usize {
        self.bytes
    }

    /// A request of `bytes` had no answer in time.
    pub(crate) fn timed_out(&mut self, bytes: usize) {
        self.bytes = (self.bytes.min(bytes) / 2).max(LEAST_BYTES).min(self.most);
    }

    /// A request arrived.
    pub(crate) fn arrived(&mut self) {
        self.bytes = self.bytes.saturating_mul(2).min(self.most);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slow_link_gets_smaller_requests_and_a_fast_one_as_large_ones_as_are_set() {
        let mut size = BatchSize::new(1 << 20);
        size.timed_out(1 << 20);
        assert_eq!(size.bytes(), 512 << 10);
        size.timed_out(300 << 10);
        assert_eq!(size.bytes(), 150 << 10);
        (0..20).for_each(|_| size.timed_out(1 << 20));
        assert_eq!(size.bytes(), LEAST_BYTES);
        (0..20).for_each(|_| size.arrived());
        assert_eq!(size.bytes(), 1 << 20);
    }

    #[test]
    fn a_setting_below_the_least_is_kept() {
        let mut size = BatchSize::new(1_000);
        size.timed_out(900);
        assert_eq!(size.bytes(), 1_000);
    }
}
