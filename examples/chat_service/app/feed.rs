//! A window that looks on while agents work.

use std::convert::Infallible;

use axum::extract::State;
use axum::response::sse::{Event, KeepAlive, Sse};
use futures_util::{Stream, StreamExt as _, stream};

use super::headers::Session;
use crate::domain::Feed;

/// `GET /feed`: what agents do in this session, as server-sent events, for as long as the client stays.
///
/// The first event, `open`, tells the client that it will miss nothing from now on.
pub(super) async fn read(
    State(feed): State<Feed>,
    Session(session_id): Session,
) -> Sse<impl Stream<Item = Result<Event, Infallible>>> {
    let open = Event::default().event("open").data(&session_id);
    let notices = stream::unfold(feed.read(session_id), |mut reader| async {
        let notice = reader.next().await?;
        Some((Event::default().event("agent").data(&notice.text), reader))
    });
    Sse::new(stream::iter([open]).chain(notices).map(Ok)).keep_alive(KeepAlive::default())
}
