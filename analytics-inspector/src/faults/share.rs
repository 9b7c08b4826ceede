//! One request in so many, by lot.

const WHOLE: u32 = 1_000_000;

/// A share of all requests, in millionths.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Share(u32);

impl Share {
    /// What is no share is none (not a number, negative), or all (above one).
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a float becomes the nearest integer")]
    pub(super) fn new(share: f64) -> Self {
        Self((share.clamp(0.0, 1.0) * f64::from(WHOLE)).round() as u32)
    }

    pub(super) fn as_f64(self) -> f64 {
        f64::from(self.0) / f64::from(WHOLE)
    }

    /// Draws the lot of the request with this number: the same for the same seed, on every machine.
    pub(super) fn picks(self, seed: u64, request: u64) -> bool {
        mixed(seed ^ mixed(request)) % u64::from(WHOLE) < u64::from(self.0)
    }
}

/// The finalizer of `SplitMix64`.
fn mixed(number: u64) -> u64 {
    let number = number.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let number = (number ^ (number >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let number = (number ^ (number >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    number ^ (number >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_picks_about_as_many_and_the_same_ones_again() {
        let picked = |share: f64, seed| (0..10_000).filter(|&n| Share::new(share).picks(seed, n)).collect::<Vec<_>>();
        for (share, expected) in [(0.0, 0..=0), (0.1, 900..=1_100), (0.5, 4_800..=5_200), (1.0, 10_000..=10_000)] {
            assert!(expected.contains(&picked(share, 7).len()), "{share}: {}", picked(share, 7).len());
        }
        assert_eq!(picked(0.1, 7), picked(0.1, 7));
        assert_ne!(picked(0.1, 7), picked(0.1, 8));
        assert_eq!(picked(f64::NAN, 7).len(), 0);
        assert_eq!(picked(-1.0, 7).len(), 0);
        assert_eq!(picked(7.0, 7).len(), 10_000);
    }
}
