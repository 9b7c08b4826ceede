//! How a sink is doing.

use std::fmt;
use std::time::Instant;

/// How a sink is doing, for a health check. Nothing a service does should depend on it.
///
/// It displays as `ok`, `disabled`, `failing for 3 s: status 503`, `unauthorized`, `closed` or `forked: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Health {
    /// The last attempt succeeded, or there was none yet.
    Ok,
    /// Events go nowhere, as it was configured: every one is counted as
    /// [`DropReason::Disabled`](crate::DropReason::Disabled).
    Disabled,
    /// Attempts fail.
    #[non_exhaustive]
    Failing {
        /// When it began.
        since: Instant,
        /// The cause of the last failure. It holds no key and no property's value.
        last: String,
    },
    /// The server does not know the key.
    Unauthorized,
    /// The sink was shut down.
    Closed,
    /// This process was forked from the one that made the sink, and what delivers is not in here. Events are dropped as
    /// closed.
    Forked,
}

impl Health {
    /// Attempts have failed since this moment, the last one for this cause.
    #[must_use]
    pub fn failing(since: Instant, last: impl Into<String>) -> Self {
        Self::Failing { since, last: last.into() }
    }

    /// Whether nothing is wrong: it is [`Ok`](Self::Ok), or [`Disabled`](Self::Disabled) because somebody wants it so.
    #[must_use]
    pub fn is_ok(&self) -> bool {
        matches!(self, Self::Ok | Self::Disabled)
    }

    /// Whether the sink may keep an event that it is shown now.
    pub(crate) fn is_enabled(&self) -> bool {
        !matches!(self, Self::Disabled | Self::Closed | Self::Forked)
    }

    /// The worse of two sinks that take the same events. One that is closed or disabled says nothing while the other
    /// is open. Of two that fail, the one that has failed for longer.
    pub(crate) fn or_worse(self, other: Self) -> Self {
        let other_is_worse = match (&self, &other) {
            (Self::Failing { since, .. }, Self::Failing { since: earlier, .. }) => earlier < since,
            _ => other.severity() > self.severity(),
        };
        if other_is_worse { other } else { self }
    }

    /// A key that is not known does not heal by waiting, so it is worse than a failure that may. In a forked child
    /// nothing heals at all.
    fn severity(&self) -> u8 {
        match self {
            Self::Closed => 0,
            Self::Disabled => 1,
            Self::Ok => 2,
            Self::Failing { .. } => 3,
            Self::Unauthorized => 4,
            Self::Forked => 5,
        }
    }
}

impl fmt::Display for Health {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Ok => f.write_str("ok"),
            Self::Disabled => f.write_str("disabled"),
            Self::Failing { since, last } => {
                write!(f, "failing for {} s", since.elapsed().as_secs())?;
                if last.is_empty() { Ok(()) } else { write!(f, ": {last}") }
            }
            Self::Unauthorized => f.write_str("unauthorized"),
            Self::Closed => f.write_str("closed"),
            Self::Forked => f.write_str("forked: make a sink in each process, after the fork"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    fn failing(seconds: u64) -> Health {
        Health::failing(Instant::now().checked_sub(Duration::from_secs(seconds)).unwrap(), "status 503")
    }

    #[test]
    fn it_displays_as_what_a_health_check_says() {
        for (health, text) in [
            (Health::Ok, "ok"),
            (Health::Disabled, "disabled"),
            (Health::Unauthorized, "unauthorized"),
            (Health::Closed, "closed"),
            (Health::Forked, "forked: make a sink in each process, after the fork"),
        ] {
            assert_eq!((health.to_string().as_str(), health.is_ok()), (text, matches!(text, "ok" | "disabled")));
        }
        // Seconds pass while a test waits for its turn.
        let shown = failing(3_000).to_string();
        assert!(shown.starts_with("failing for 30") && shown.ends_with(" s: status 503"), "{shown}");
        let silent = Health::failing(Instant::now(), "");
        assert!(silent.to_string().ends_with(" s") && !silent.is_ok(), "{silent}");
    }

    #[test]
    fn the_worse_of_two_is_the_one_that_heals_last_and_closed_counts_only_if_both_are() {
        let (short, long) = (failing(1), failing(60));
        let from_best_to_worst =
            [Health::Closed, Health::Disabled, Health::Ok, short, long, Health::Unauthorized, Health::Forked];
        for (index, worse) in from_best_to_worst.iter().enumerate() {
            for better in &from_best_to_worst[..=index] {
                assert_eq!(better.clone().or_worse(worse.clone()), *worse);
                assert_eq!(worse.clone().or_worse(better.clone()), *worse);
            }
        }
    }
}
