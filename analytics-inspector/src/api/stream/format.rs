//! How what is new is written.

use std::fmt::{self, Write as _};

use serde::{Deserialize, Serialize};

use crate::api::answer;
use crate::api::request::RequestJson;
use crate::received::{EventFilter, ReceivedEvent, ReceivedRequest};
use crate::store::{NewEvents, NewRefusals};

/// How an event is written.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Format {
    /// An object a line.
    #[default]
    Json,
    /// The line that a person reads.
    Human,
    /// Server-sent events.
    Sse,
}

#[derive(Serialize)]
struct Line<'a> {
    sequence: u64,
    #[serde(flatten)]
    event: &'a ReceivedEvent,
}

#[derive(Serialize)]
struct RefusedLine<'a> {
    refused: RequestJson<'a>,
}

impl Format {
    pub(super) fn content_type(self) -> &'static str {
        match self {
            Self::Json => "application/x-ndjson",
            Self::Human => "text/plain; charset=utf-8",
            Self::Sse => "text/event-stream",
        }
    }

    /// What is new, in the order in which it came.
    pub(super) fn write(self, fresh: &NewEvents, refused: Option<&NewRefusals>, filter: &EventFilter) -> String {
        let mut text = String::new();
        let mut refused = refused.map_or(&[][..], |refused| &refused.requests).iter().peekable();
        let wanted = fresh.events.iter().filter(|(_, event)| filter.wants(event));
        // Writing to a string cannot fail.
        self.write_missed(fresh.missed, &mut text).unwrap_or_default();
        for (sequence, event) in wanted {
            while let Some((_, request)) = refused.next_if(|(event, _)| event <= sequence) {
                self.write_refused(request, &mut text).unwrap_or_default();
            }
            self.write_event(*sequence, event, &mut text).unwrap_or_default();
        }
        for (_, request) in refused {
            self.write_refused(request, &mut text).unwrap_or_default();
        }
        text
    }

    fn write_missed(self, missed: u64, text: &mut String) -> fmt::Result {
        match self {
            _ if missed == 0 => Ok(()),
            Self::Json => writeln!(text, "{{\"missed\":{missed}}}"),
            Self::Human => writeln!(text, "… {missed} events missed"),
            Self::Sse => write!(text, "event: missed\ndata: {missed}\n\n"),
        }
    }

    fn write_event(self, sequence: u64, event: &ReceivedEvent, text: &mut String) -> fmt::Result {
        // An event is JSON that was read, so it can be written.
        let json = || answer::one_line(&serde_json::to_string(&Line { sequence, event }).unwrap_or_default());
        match self {
            Self::Json => writeln!(text, "{}", json()),
            Self::Human => writeln!(text, "{event:#}"),
            Self::Sse => write!(text, "id: {sequence}\ndata: {}\n\n", json()),
        }
    }

    fn write_refused(self, request: &ReceivedRequest, text: &mut String) -> fmt::Result {
        // Text and numbers always become JSON, on one line.
        let request_json = RequestJson::of(request);
        match self {
            Self::Json => {
                let line = RefusedLine { refused: request_json };
                writeln!(text, "{}", serde_json::to_string(&line).unwrap_or_default())
            }
            Self::Human => writeln!(text, "{request}"),
            Self::Sse => {
                let data = serde_json::to_string(&request_json).unwrap_or_default();
                write!(text, "event: refused\ndata: {data}\n\n")
            }
        }
    }
}
