//! `GET /api/page/stream`: the feed as server-sent events.

use std::convert::Infallible;
use std::sync::Arc;
use std::time::Duration;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse as _, Response};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::Instant;

use super::update::{self, Cursor};
use crate::api::answer;
use crate::filter::{Filter, FilterQuery};
use crate::protocol::Reply;
use crate::shared::Shared;
use crate::workers::Reading;

/// The least time between two messages.
const MIN_PAUSE: Duration = Duration::from_millis(50);

/// The most time between two messages: the seconds of the chart go on without events too.
const MAX_PAUSE: Duration = Duration::from_secs(1);

/// Where to go on, for a page that opens the stream anew. A browser that reconnects tells it by a header.
#[derive(Deserialize)]
pub(super) struct Resumed {
    since: Option<String>,
}

/// Sends a message when something has changed. Nothing is queued for a page: the next message is made when
/// the connection has room for it, from what the feed then holds.
pub(super) async fn open(
    State(shared): State<Arc<Shared>>,
    Query(line): Query<FilterQuery>,
    Query(Resumed { since }): Query<Resumed>,
    headers: HeaderMap,
) -> Response {
    let filter = match Filter::while_typing(&line.filter) {
        Ok(filter) => filter,
        Err(error) => return Reply::from(error).into(),
    };
    let Ok(permit) = Arc::clone(&shared.streams).try_acquire_owned() else {
        return answer::unavailable(answer::TOO_MANY_STREAMS);
    };
    let last_heard = headers.get("last-event-id").and_then(|id| id.to_str().ok()).map(str::to_owned);
    let cursor = last_heard.or(since).and_then(|cursor| cursor.parse().ok());
    let (changes, fault_edits) = (shared.store.ticks(), shared.faults.edits());
    let filter = Arc::new(filter);
    let reader =
        Reader { shared, filter, cursor, changes, fault_edits, next: Instant::now(), is_first: true, _permit: permit };
    let messages = stream::unfold(reader, |mut reader| async {
        let message = reader.message().await;
        Some((Ok::<_, Infallible>(message), reader))
    });
    let headers = [(header::CONTENT_TYPE, "text/event-stream"), (header::CACHE_CONTROL, "no-store")];
    (headers, Body::from_stream(messages)).into_response()
}

struct Reader {
    shared: Arc<Shared>,
    filter: Arc<Filter>,
    cursor: Option<Cursor>,
    changes: watch::Receiver<()>,
    fault_edits: watch::Receiver<u64>,
    next: Instant,
    is_first: bool,
    /// Its place among the streams.
    _permit: OwnedSemaphorePermit,
}

impl Reader {
    async fn message(&mut self) -> Bytes {
        if !std::mem::take(&mut self.is_first) {
            // Both outlive this. If they did not, the pause would do.
            let changed = async {
                tokio::select! {
                    _ = self.changes.changed() => {}
                    _ = self.fault_edits.changed() => {}
                }
            };
            drop(tokio::time::timeout(MAX_PAUSE, changed).await);
            tokio::time::sleep_until(self.next).await;
        }
        self.changes.mark_unchanged();
        let fault_edits = *self.fault_edits.borrow_and_update();
        let (shared, filter, cursor) = (Arc::clone(&self.shared), Arc::clone(&self.filter), self.cursor);
        let read = move || {
            let reading = update::read(&shared.store, cursor, &filter);
            (reading.cursor, reading.to_text(fault_edits))
        };
        let (cursor, text) = self.shared.workers.read(Reading::Stream, read).await;
        self.cursor = Some(cursor);
        self.next = Instant::now() + MIN_PAUSE;
        text.into()
    }
}
