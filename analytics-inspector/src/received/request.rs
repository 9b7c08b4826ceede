//! One request as it was received.

use std::borrow::Cow;
use std::fmt;
use std::time::SystemTime;

use bytes::Bytes;
use uuid::Uuid;

use crate::loss::LossReason;
use crate::terminal;

/// Of how many events of a request it is remembered why they were not accepted.
pub(crate) const MAX_LOST: usize = 1_000;

/// One request on a capture route.
///
/// `Display` writes it as one line, `refused 400 POST /batch/: request holds no event`, which is fit for a
/// [terminal](crate::terminal).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct ReceivedRequest {
    /// Its place in the order of arrival, from 1.
    pub number: u64,
    /// The method, `POST` say.
    pub method: String,
    /// The path without its query.
    pub path: String,
    /// The query without its `?`.
    pub query: Option<String>,
    /// The status it was answered with; `None` if it was never answered, or is not yet.
    pub status: Option<u16>,
    /// Why it was refused, or which of its events were not accepted, in words; `None` if the server had no
    /// objection (a fault may still have answered otherwise).
    pub reason: Option<String>,
    /// The fault it met, in a word or two of the JSON API: `status` or `reset_after`, say; `None` if it met
    /// none.
    pub fault: Option<String>,
    /// The headers in the order of arrival, names in lower case.
    pub headers: Vec<(String, String)>,
    /// The size of the body on the wire, in bytes, compressed if it was.
    pub body_bytes: usize,
    /// The size of the body once inflated, in bytes; equal to `body_bytes` if it was not compressed
    /// or could not be inflated.
    pub inflated_bytes: usize,
    /// The envelope's `sent_at`, letter for letter.
    pub sent_at: Option<String>,
    /// The project key: the envelope's, or the one its events agree on.
    pub api_key: Option<String>,
    /// How many events it carried; 0 if the body could not be read.
    pub events: usize,
    /// When its body had been read.
    pub received_at: SystemTime,
    /// When its status was decided; `None` as long as it is not.
    pub answered_at: Option<SystemTime>,
    /// The same reason as a word for programs.
    pub(crate) loss: Option<LossReason>,
    /// Those of its events that have a verdict of their own and were not accepted: at most [`MAX_LOST`].
    pub(crate) lost: Box<[(Uuid, LossReason)]>,
    pub(crate) body: Option<Bytes>,
}

impl ReceivedRequest {
    /// Whether it was answered, and not all that it carried was accepted: its status is none of success, or there was
    /// an objection. So it is for a project over quota, whose answer is a 200.
    #[must_use]
    pub fn is_refused(&self) -> bool {
        self.status.is_some_and(|status| !(200..300).contains(&status) || self.reason.is_some())
    }

    /// The value of a header, whatever the case of its name; the first if there are several.
    #[must_use]
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers.iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.as_str())
    }

    /// The inflated body, or what came over the wire if that could not be inflated; `None` if it
    /// was over the size limit or has been dropped to stay within the capacity.
    #[must_use]
    pub fn body(&self) -> Option<&[u8]> {
        self.body.as_deref()
    }

    /// The same as text, with `U+FFFD` for what is not UTF-8.
    #[must_use]
    pub fn body_text(&self) -> Option<Cow<'_, str>> {
        self.body().map(String::from_utf8_lossy)
    }

    /// The bytes of what is remembered besides the body.
    pub(crate) fn head_bytes(&self) -> usize {
        let headers = self.headers.iter().map(|(name, value)| name.len() + value.len()).sum::<usize>();
        let texts = [&self.query, &self.reason, &self.fault, &self.sent_at, &self.api_key];
        let texts = texts.into_iter().flatten().map(String::len).sum::<usize>();
        self.path.len() + headers + texts + size_of_val(&*self.lost)
    }

    /// The bytes that this holds of the byte bound.
    pub(crate) fn kept_bytes(&self) -> usize {
        self.body.as_ref().map_or(0, Bytes::len)
    }
}

impl fmt::Display for ReceivedRequest {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let answer = match self.status {
            None => "unanswered".to_owned(),
            Some(status) if self.is_refused() => format!("refused {status}"),
            Some(status) => format!("answered {status}"),
        };
        let because = match (&self.reason, &self.fault) {
            (Some(reason), Some(fault)) => format!(": {reason} (fault {fault})"),
            (Some(reason), None) => format!(": {reason}"),
            (None, Some(fault)) => format!(": fault {fault}"),
            (None, None) => String::new(),
        };
        f.write_str(&terminal::line(&format!("{answer} {} {}{because}", self.method, self.path)))
    }
}
