//! One problem, for a program and in a line.

use std::fmt;

use analytics_rules::display::OneLine;
use serde::Serialize;

/// What was sent and is not stored: events that PostHog would lose after a 200, and those of refused requests that
/// nothing delivered afterwards.
///
/// A refusal that a later request made good is no problem: its sender did what it is there for.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
#[non_exhaustive]
pub struct Problems {
    /// The newest of them, at most 10,000, by the number of their request, the newest first.
    pub list: Vec<Problem>,
    /// How many there are.
    pub count: usize,
    /// Whether all of them are known: everything that was accepted or refused in the run is still remembered.
    pub is_complete: bool,
}

/// An event that is not stored, or a refused request in which no event can be read.
///
/// `Display` writes it as one line, which is fit for a [terminal](crate::terminal), with the fix at its end. It
/// serializes as `GET /api/problems` shows it. Texts have at most 200 characters.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// The request that brought it, or the last one that did.
    pub request: u64,
    /// What the request was answered with; `None` if it was not, or is forgotten.
    pub status: Option<u16>,
    /// Method and path of a request in which no event can be read; `None` where the problem is an event.
    pub endpoint: Option<String>,
    /// The event's name, if it has one.
    pub event: Option<String>,
    /// Its uuid in lower case with hyphens, if it has one.
    pub uuid: Option<String>,
    /// Its actor, if it has one.
    pub distinct_id: Option<String>,
    /// A word that stays the same, `person_event_without_profile` say.
    pub reason: &'static str,
    /// What the refusal said, if it said more.
    pub details: Option<String>,
    /// One sentence that says what to change.
    pub fix: &'static str,
}

/// What a name or an id may take of a line, so that there is room for the fix behind it.
const MAX_WORD_BYTES: usize = 120;

impl fmt::Display for Problem {
    /// `lost u1 $identify (request 3, status 200): person_event_without_profile. Leave …`, or `refused POST /batch/ …`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let word = |text: &Option<String>, none: &'static str| {
            OneLine::new(&text.as_deref().unwrap_or(none)).at_most(MAX_WORD_BYTES).to_string()
        };
        match &self.endpoint {
            Some(_) => write!(f, "refused {}", word(&self.endpoint, ""))?,
            None => write!(f, "lost {} {}", word(&self.distinct_id, "(no actor)"), word(&self.event, "(no name)"))?,
        }
        write!(f, " (request {}, ", self.request)?;
        match self.status {
            Some(status) => write!(f, "status {status}")?,
            None => f.write_str("no answer")?,
        }
        write!(f, "): {}", self.reason)?;
        if self.details.is_some() {
            write!(f, ", {}", word(&self.details, ""))?;
        }
        write!(f, ". {}", self.fix)
    }
}
