//! Events by the second.

/// How many seconds are shown.
pub(super) const SECONDS: usize = 60;

/// Counts of the last [`SECONDS`] seconds.
#[derive(Debug)]
pub(super) struct Rate {
    counts: [u32; SECONDS],
    /// The newest second that is counted, since the epoch.
    newest: u64,
}

impl Rate {
    pub(super) fn new() -> Self {
        Self { counts: [0; SECONDS], newest: 0 }
    }

    pub(super) fn count(&mut self, second: u64, events: usize) {
        self.advance(second);
        let back = self.newest - second.min(self.newest);
        if let Some(count) = usize::try_from(back).ok().and_then(|back| self.counts.iter_mut().rev().nth(back)) {
            *count = count.saturating_add(u32::try_from(events).unwrap_or(u32::MAX));
        }
    }

    /// The counts until this second, oldest first.
    pub(super) fn until(&mut self, second: u64) -> [u32; SECONDS] {
        self.advance(second);
        self.counts
    }

    fn advance(&mut self, second: u64) {
        let steps = usize::try_from(second.saturating_sub(self.newest)).unwrap_or(usize::MAX).min(SECONDS);
        self.counts.rotate_left(steps % SECONDS);
        self.counts.iter_mut().rev().take(steps).for_each(|count| *count = 0);
        self.newest = self.newest.max(second);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn last(rate: &mut Rate, second: u64) -> [u32; 4] {
        let counts = rate.until(second);
        std::array::from_fn(|index| counts[SECONDS - 4 + index])
    }

    #[test]
    fn seconds_move_out_to_the_left() {
        let mut rate = Rate::new();
        rate.count(1_000, 2);
        rate.count(1_001, 3);
        rate.count(1_001, 1);
        assert_eq!(last(&mut rate, 1_001), [0, 0, 2, 4]);
        assert_eq!(last(&mut rate, 1_003), [2, 4, 0, 0]);
        assert_eq!(rate.until(1_060)[0], 4);
        assert_eq!(rate.until(1_061), [0; SECONDS]);
        rate.count(9_999_999, 7);
        assert_eq!(last(&mut rate, 9_999_999), [0, 0, 0, 7]);
    }

    #[test]
    fn a_clock_that_goes_back_counts_where_it_was() {
        let mut rate = Rate::new();
        rate.count(1_000, 1);
        rate.count(999, 2);
        rate.count(1, 9);
        assert_eq!(last(&mut rate, 1_000), [0, 0, 2, 1]);
    }
}
