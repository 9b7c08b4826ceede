//! How long a server that cannot take events is left alone.

use std::time::Duration;

/// The shortest back-off; a flush or a shutdown cuts one down to it.
const FLOOR: Duration = Duration::from_millis(100);
/// The shortest back-off after the first failure.
const FIRST: Duration = Duration::from_millis(500);
const FIRST_CEILING: Duration = Duration::from_secs(1);
const LAST_CEILING: Duration = Duration::from_secs(30);
/// No server may silence us for longer.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(300);

/// The back-off of a host, on one route. After a failure it is closed for a while, then lets one probe through;
/// when that succeeds it is open at full width.
///
/// Back-off belongs to the host, not to a batch: four requests that fail together are one failure.
#[derive(Clone, Debug, Default)]
pub(crate) struct BackOff {
    failures: u32,
    pause: Pause,
    generation: u64,
}

/// A time of silence after a failure. A flush or a shutdown shortens our own back-off; what the server asked for is
/// never cut.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Pause {
    ends_at: Duration,
    hurried_ends_at: Duration,
}

impl Pause {
    /// The pause after the failure number `failures`, counted from 1. `chance` is drawn evenly from 0 to 1.
    pub(crate) fn after(failures: u32, now: Duration, retry_after: Option<Duration>, chance: f64) -> Self {
        let asked = retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
        Self {
            ends_at: now.saturating_add(back_off(failures, chance).max(asked)),
            hurried_ends_at: now.saturating_add(FLOOR.max(asked)),
        }
    }

    /// The same, which no expedite shortens.
    pub(crate) fn unhurried(self) -> Self {
        Self { hurried_ends_at: self.ends_at, ..self }
    }

    /// As long as both.
    pub(crate) fn max(self, other: Self) -> Self {
        Self {
            ends_at: self.ends_at.max(other.ends_at),
            hurried_ends_at: self.hurried_ends_at.max(other.hurried_ends_at),
        }
    }

    pub(crate) fn ends_at(&self, is_hurried: bool) -> Duration {
        if is_hurried { self.hurried_ends_at } else { self.ends_at }
    }

    fn extend(&mut self, until: Duration) {
        self.ends_at = self.ends_at.max(until);
        self.hurried_ends_at = self.hurried_ends_at.max(until);
    }
}

/// What may pass now.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum BackOffStep {
    /// As many requests as are allowed in flight.
    Open,
    /// One request.
    Probe,
    /// None before then.
    ClosedUntil(Duration),
}

impl BackOff {
    /// What may pass at `now`. A flush or a shutdown is in a expedite.
    pub(crate) fn next(&self, now: Duration, is_hurried: bool) -> BackOffStep {
        let opens_at = self.pause.ends_at(is_hurried);
        match self.failures {
            _ if now < opens_at => BackOffStep::ClosedUntil(opens_at),
            0 => BackOffStep::Open,
            _ => BackOffStep::Probe,
        }
    }

    /// Whether a request may go on to its next part.
    pub(crate) fn is_open(&self, now: Duration) -> bool {
        self.next(now, false) == BackOffStep::Open
    }

    /// Names the time since the last failure: a request carries it to tell whether its failure is news.
    pub(crate) fn generation(&self) -> u64 {
        self.generation
    }

    /// A request failed that was sent in `generation`. `chance` is drawn evenly from 0 to 1.
    pub(crate) fn failed(&mut self, generation: u64, now: Duration, retry_after: Option<Duration>, chance: f64) {
        if generation == self.generation {
            self.generation += 1;
            self.failures = self.failures.saturating_add(1);
            self.pause = Pause::after(self.failures, now, retry_after, chance);
        } else {
            let asked = retry_after.unwrap_or_default().min(LONGEST_RETRY_AFTER);
            self.pause.extend(now.saturating_add(asked));
        }
    }

    /// A request that was sent in `generation` got its answer: it is open. One that was sent before the last
    /// failure says nothing about now, and does not cut short what the server asked for since.
    /// Tells whether it does say something.
    pub(crate) fn succeeded(&mut self, generation: u64) -> bool {
        let is_news = generation == self.generation;
        if is_news {
            *self = Self { generation, ..Self::default() };
        }
        is_news
    }
}

/// Drawn evenly between the floor and a ceiling that doubles with each failure ("full jitter"), so that many
/// clients of one server do not come back together.
fn back_off(failures: u32, chance: f64) -> Duration {
    let doublings = failures.saturating_sub(1).min(16);
    let ceiling = FIRST_CEILING.saturating_mul(1 << doublings).min(LAST_CEILING);
    let floor = if failures <= 1 { FIRST } else { FLOOR };
    floor + ceiling.saturating_sub(floor).mul_f64(chance.clamp(0.0, 1.0))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const NOW: Duration = Duration::from_secs(1_000);

    #[test]
    fn requests_that_fail_together_are_one_failure() {
        let mut back_off = BackOff::default();
        let sent = back_off.generation();
        for _ in 0..4 {
            back_off.failed(sent, NOW, None, 1.0);
        }
        assert_eq!(back_off.next(NOW, false), BackOffStep::ClosedUntil(NOW + FIRST_CEILING));
        back_off.failed(back_off.generation(), NOW, None, 1.0);
        assert_eq!(back_off.next(NOW, false), BackOffStep::ClosedUntil(NOW + 2 * FIRST_CEILING));
    }

    #[test]
    fn after_the_back_off_one_probe_passes_and_its_success_opens_the_gate() {
        let mut back_off = BackOff::default();
        back_off.failed(0, NOW, None, 0.0);
        assert_eq!(back_off.next(NOW + FIRST, false), BackOffStep::Probe);
        assert!(!back_off.is_open(NOW + FIRST));
        assert!(back_off.succeeded(back_off.generation()));
        assert!(back_off.is_open(NOW));
        assert_eq!(back_off.next(NOW, false), BackOffStep::Open);
    }

    #[test]
    fn a_success_that_was_sent_before_a_failure_does_not_open_the_gate() {
        let mut back_off = BackOff::default();
        let sent = back_off.generation();
        back_off.failed(sent, NOW, Some(Duration::from_secs(60)), 0.0);
        assert!(!back_off.succeeded(sent));
        assert_eq!(back_off.next(NOW, true), BackOffStep::ClosedUntil(NOW + Duration::from_secs(60)));
    }

    #[test]
    fn a_failure_beside_a_success_is_news() {
        let mut back_off = BackOff::default();
        back_off.failed(0, NOW, None, 0.0);
        let sent = back_off.generation();
        assert!(back_off.succeeded(sent));
        back_off.failed(sent, NOW, None, 0.0);
        assert!(!back_off.is_open(NOW));
    }

    #[test]
    fn a_hurry_cuts_our_back_off_and_never_the_servers() {
        let mut back_off = BackOff::default();
        back_off.failed(0, NOW, None, 1.0);
        assert_eq!(back_off.next(NOW, true), BackOffStep::ClosedUntil(NOW + FLOOR));
        back_off.failed(back_off.generation(), NOW, Some(Duration::from_secs(7)), 0.0);
        assert_eq!(back_off.next(NOW, true), BackOffStep::ClosedUntil(NOW + Duration::from_secs(7)));
        back_off.failed(back_off.generation(), NOW, Some(Duration::MAX), 0.0);
        assert_eq!(back_off.next(NOW, true), BackOffStep::ClosedUntil(NOW + LONGEST_RETRY_AFTER));
    }

    proptest! {
        #[test]
        fn a_back_off_stays_between_its_floor_and_its_ceiling(failures in 1_u32.., chance in 0.0_f64..1.0) {
            let delay = back_off(failures, chance);
            let floor = if failures == 1 { FIRST } else { FLOOR };
            prop_assert!((floor..=LAST_CEILING).contains(&delay), "{:?}", delay);
            prop_assert!(failures > 5 || delay <= FIRST_CEILING * 2_u32.pow(failures - 1));
        }

        #[test]
        fn a_retry_after_is_a_floor_for_everybody(
            after in 0_u64..600, chance in 0.0_f64..1.0, failures in 0_u32..8, is_hurried: bool,
        ) {
            let mut back_off = BackOff::default();
            for _ in 0..failures {
                back_off.failed(back_off.generation(), NOW, None, chance);
            }
            let asked = Duration::from_secs(after);
            back_off.failed(back_off.generation(), NOW, Some(asked), chance);
            let BackOffStep::ClosedUntil(then) = back_off.next(NOW, is_hurried) else { panic!("closed") };
            prop_assert!(then >= NOW + asked.min(LONGEST_RETRY_AFTER));
            prop_assert!(then <= NOW + LONGEST_RETRY_AFTER);
        }
    }
}
