//! A user says something, and the copilot's reply streams.

use std::convert::Infallible;

use axum::Json;
use axum::extract::State;
use axum::response::sse::{Event, Sse};
use futures_util::{Stream, stream};
use product_analytics::CopilotEvent;
use serde::Deserialize;

use super::headers::Session;
use super::problem::Problem;
use super::tracked::Tracked;
use crate::domain::{Library, reply};

#[derive(Debug, Deserialize)]
pub(super) struct Message {
    text: String,
}

/// `POST /messages` with `{"text": …}`: the words of the reply as server-sent events, `done` after the last.
pub(super) async fn send(
    State(library): State<Library>,
    session: Session,
    Tracked(tracker): Tracked,
    Json(message): Json<Message>,
) -> Result<Sse<impl Stream<Item = Result<Event, Infallible>>>, Problem> {
    if message.text.trim().is_empty() {
        return Err(Problem::Unprocessable("a message needs some text".to_owned()));
    }
    let message_length = message.text.chars().count() as u64;
    tracker.track(CopilotEvent::MessageSent { session_id: &session.0, message_length });

    let reply = reply(library, &message.text);
    let words: Vec<_> = reply.split_inclusive(' ').map(|word| Event::default().event("word").data(word)).collect();
    let done = Event::default().event("done").data(words.len().to_string());
    Ok(Sse::new(stream::iter(words.into_iter().chain([done]).map(Ok))))
}
