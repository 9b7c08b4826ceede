//! What a server said beside that it works or not, as far as it is worth a line in the log: at most one of a kind a
//! minute.

use std::time::Duration;

use crate::answer::Answer;

const REMINDER: Duration = Duration::from_secs(60);

#[derive(Debug, Default)]
pub(super) struct ServerWarnings {
    dropped: LogThrottle,
    warned: LogThrottle,
    suspect: LogThrottle,
}

/// A line for the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct ServerWarning {
    pub(crate) kind: ServerWarningKind,
    pub(crate) cause: String,
    /// What was counted since the last line of the kind: events, or answers.
    pub(crate) count: u64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum ServerWarningKind {
    /// The server takes batches and drops some of their events.
    Dropped,
    /// The server takes events and warns of something.
    Warned,
    /// A success that may not be the server's own.
    Suspect,
}

#[derive(Debug, Default)]
struct LogThrottle {
    at: Option<Duration>,
    count: u64,
}

impl LogThrottle {
    /// Counts; returns what there is to tell, if it is time.
    fn count(&mut self, more: u64, now: Duration) -> Option<u64> {
        self.count += more;
        let is_due = self.at.is_none_or(|at| now.saturating_sub(at) >= REMINDER);
        (more > 0 && is_due).then(|| {
            self.at = Some(now);
            std::mem::take(&mut self.count)
        })
    }
}

impl ServerWarnings {
    /// What is to be told of an answer that dropped `dropped` events one by one. What it says of several kinds is said
    /// under the gravest.
    pub(super) fn of(&mut self, answer: &Answer, dropped: u64, now: Duration) -> Option<ServerWarning> {
        let counted = [
            (ServerWarningKind::Dropped, self.dropped.count(dropped, now)),
            (ServerWarningKind::Suspect, self.suspect.count(answer.is_suspect.into(), now)),
            (ServerWarningKind::Warned, self.warned.count(answer.warnings, now)),
        ];
        let (kind, count) = counted.into_iter().find_map(|(kind, count)| Some((kind, count?)))?;
        Some(ServerWarning { kind, cause: answer.cause.to_string(), count })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::answer::Outcome;

    #[test]
    fn each_kind_is_told_once_a_minute_and_nothing_is_left_uncounted() {
        let mut server_warnings = ServerWarnings::default();
        let at = Duration::from_secs;
        let plain = Answer::new(Outcome::Delivered).with_cause("said");
        let suspect = plain.clone().suspect();
        let warned = plain.clone().with_warnings(5);
        let told = |kind, count| Some(ServerWarning { kind, cause: "said".to_owned(), count });
        assert_eq!(server_warnings.of(&plain, 0, at(0)), None);
        assert_eq!(server_warnings.of(&plain, 2, at(0)), told(ServerWarningKind::Dropped, 2));
        assert_eq!(server_warnings.of(&plain, 3, at(59)), None);
        assert_eq!(server_warnings.of(&suspect, 0, at(59)), told(ServerWarningKind::Suspect, 1));
        assert_eq!(server_warnings.of(&suspect, 0, at(60)), None);
        assert_eq!(server_warnings.of(&warned, 0, at(60)), told(ServerWarningKind::Warned, 5));
        assert_eq!(server_warnings.of(&plain, 1, at(60)), told(ServerWarningKind::Dropped, 4));
        assert_eq!(server_warnings.of(&suspect, 0, at(119)), told(ServerWarningKind::Suspect, 2));
    }
}
