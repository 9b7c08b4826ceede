//! A recorded conversation: requests, and what each should come to.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use serde_json::Value;

use super::DemoError;

const SHIPPED: &str = include_str!("../../data/transcript.jsonl");

/// Requests of several users, in the order in which they were recorded.
#[derive(Debug)]
pub(super) struct Transcript {
    pub(super) requests: Vec<Request>,
}

/// One request, one line of the file. When it was recorded stands there too; nothing waits for it.
#[derive(Debug, Deserialize)]
pub(super) struct Request {
    pub(super) session: String,
    /// The user; none is somebody unknown.
    pub(super) user: Option<String>,
    /// The path of the POST.
    pub(super) post: String,
    pub(super) body: Value,
    /// What it comes to.
    #[serde(flatten)]
    pub(super) expected: Expected,
}

/// What a request comes to.
#[derive(Debug, Deserialize, PartialEq, Eq)]
#[serde(rename_all = "snake_case")]
pub(super) enum Expected {
    /// It is done, and tracked as this event.
    Event(String),
    /// It is refused with this status, and nothing is tracked.
    Refused(u16),
}

impl Transcript {
    /// The transcript that comes with the service.
    pub(super) fn shipped() -> Result<Self, DemoError> {
        Self::parse(SHIPPED)
    }

    pub(super) fn parse(text: &str) -> Result<Self, DemoError> {
        let read = |(index, line)| {
            serde_json::from_str(line).map_err(|error| DemoError::Transcript { line: index + 1, error })
        };
        Ok(Self { requests: text.lines().enumerate().map(read).collect::<Result<_, _>>()? })
    }

    /// The requests of each session, in their order.
    pub(super) fn sessions(&self) -> BTreeMap<&str, Vec<&Request>> {
        let mut sessions: BTreeMap<_, Vec<_>> = BTreeMap::new();
        for request in &self.requests {
            sessions.entry(request.session.as_str()).or_default().push(request);
        }
        sessions
    }

    /// How many users there are.
    pub(super) fn users(&self) -> usize {
        self.requests.iter().filter_map(|request| request.user.as_deref()).collect::<BTreeSet<_>>().len()
    }

    /// How many sessions have no user.
    pub(super) fn anonymous_sessions(&self) -> usize {
        let is_anonymous = |requests: &&Vec<&Request>| requests.iter().all(|request| request.user.is_none());
        self.sessions().values().filter(is_anonymous).count()
    }

    /// How many events there should be of each name.
    pub(super) fn events(&self) -> BTreeMap<&str, u64> {
        let mut events = BTreeMap::new();
        for request in &self.requests {
            if let Expected::Event(name) = &request.expected {
                *events.entry(name.as_str()).or_default() += 1;
            }
        }
        events
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shipped_transcript_is_worth_playing() {
        let transcript = Transcript::shipped().unwrap();
        assert!(transcript.requests.len() >= 200);
        assert_eq!(transcript.events().len(), 5);
        assert!(transcript.users() >= 5 && transcript.anonymous_sessions() >= 3);
    }

    #[test]
    fn a_line_that_cannot_be_read_is_named() {
        let good = r#"{"session":"s","post":"/messages","body":{},"refused":422}"#;
        assert_eq!(Transcript::parse(good).unwrap().requests[0].expected, Expected::Refused(422));
        let error = Transcript::parse(&format!("{good}\n{{}}")).unwrap_err();
        assert!(matches!(error, DemoError::Transcript { line: 2, .. }), "{error}");
    }
}
