//! What a server said beside that it works or not, as far as it is worth a line in the log: at most one of a kind a
//! minute.

use std::time::Duration;

use crate::Answer;

const REMINDER: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct Remarks {
    suspect_told_at: Option<Duration>,
    dropped_told_at: Option<Duration>,
    /// Events dropped since the last line.
    dropped: u64,
}

/// A line for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Remark {
    /// The server takes batches and drops some of their events.
    Dropped { cause: String, events: u64 },
    /// A success that may not be the backend's.
    Suspect { cause: String },
}

impl Remarks {
    /// What is to be told of an answer that dropped `dropped` events one by one.
    pub(super) fn of(&mut self, answer: &Answer, dropped: u64, now: Duration) -> Option<Remark> {
        let is_due = |told_at: Option<Duration>| told_at.is_none_or(|told| now.saturating_sub(told) >= REMINDER);
        self.dropped += dropped;
        if dropped > 0 && is_due(self.dropped_told_at) {
            self.dropped_told_at = Some(now);
            return Some(Remark::Dropped {
                cause: answer.because.to_string(),
                events: std::mem::take(&mut self.dropped),
            });
        }
        if answer.is_suspect && is_due(self.suspect_told_at) {
            self.suspect_told_at = Some(now);
            return Some(Remark::Suspect { cause: answer.because.to_string() });
        }
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::Outcome;

    #[test]
    fn each_kind_is_told_once_a_minute_and_no_drop_is_left_out() {
        let mut remarks = Remarks::default();
        let at = Duration::from_secs;
        let dropped = Answer::new(Outcome::Delivered).because("too long");
        let suspect = Answer::new(Outcome::Delivered).because("a page").suspect();
        let told = |events| Some(Remark::Dropped { cause: "too long".to_owned(), events });
        assert_eq!(remarks.of(&dropped, 0, at(0)), None);
        assert_eq!(remarks.of(&dropped, 2, at(0)), told(2));
        assert_eq!(remarks.of(&dropped, 3, at(59)), None);
        assert_eq!(remarks.of(&suspect, 0, at(59)), Some(Remark::Suspect { cause: "a page".to_owned() }));
        assert_eq!(remarks.of(&suspect, 0, at(60)), None);
        assert_eq!(remarks.of(&dropped, 1, at(60)), told(4));
    }
}
