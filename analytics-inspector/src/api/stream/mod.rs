//! `GET /api/stream`: events as they come, and requests that are refused.

mod format;

use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::extract::{Query, State};
use axum::http::{HeaderMap, HeaderValue, Response, header};
use futures_util::stream;
use serde::Deserialize;
use tokio::sync::{OwnedSemaphorePermit, watch};

use self::format::Format;
use super::answer;
use crate::budget::Reservation;
use crate::received::EventFilter;
use crate::shared::Shared;
use crate::store::RefusalStart;
use crate::workers::Reading;

/// How many events are written at once at the most, and after how many bytes of them no more.
const CHUNK: usize = 256;
const CHUNK_BYTES: usize = 1024 * 1024;

/// How many refusals: each has a head of at most 64 KiB.
const REFUSALS: usize = 64;

#[derive(Deserialize, Default)]
#[serde(default)]
pub(super) struct Wanted {
    since: Option<u64>,
    format: Format,
    /// Whether refused requests are shown too.
    refused: bool,
}

struct Reader {
    shared: Arc<Shared>,
    accepted: watch::Receiver<u64>,
    filter: Arc<EventFilter>,
    format: Format,
    next: u64,
    /// The next refusal; `None` if they are not wanted.
    next_refusal: Option<RefusalStart>,
    /// What was written and may not be read yet, of the server's bytes in hand.
    held: Reservation,
    /// Its place among the streams.
    _permit: OwnedSemaphorePermit,
}

pub(super) async fn follow(
    State(shared): State<Arc<Shared>>,
    Query(wanted): Query<Wanted>,
    Query(filter): Query<EventFilter>,
    headers: HeaderMap,
) -> Response<Body> {
    let Ok(permit) = Arc::clone(&shared.streams).try_acquire_owned() else {
        return answer::unavailable(answer::TOO_MANY_STREAMS);
    };
    let text = |name| headers.get(name).and_then(|value| value.to_str().ok());
    let is_event_source = text(header::ACCEPT).is_some_and(|accept| accept.contains("text/event-stream"));
    let format = if is_event_source { Format::Sse } else { wanted.format };
    let accepted = shared.store.watch();
    let last_seen: Option<u64> = text(header::HeaderName::from_static("last-event-id")).and_then(|id| id.parse().ok());
    let end = *accepted.borrow();
    // A reader that is ahead comes from another run.
    let resumed = last_seen.map(|last| last.saturating_add(1)).or(wanted.since);
    let next = resumed.unwrap_or(end).min(end);
    let next_refusal = wanted.refused.then(|| match resumed {
        Some(_) => RefusalStart::Event(next),
        None => RefusalStart::At(shared.store.refusals()),
    });
    let filter = Arc::new(filter.prepared());
    let held = shared.budget.reserve();
    let reader = Reader { shared, accepted, filter, format, next, next_refusal, held, _permit: permit };
    let body = Body::from_stream(stream::unfold(reader, |mut reader| async move {
        let chunk = reader.read().await?;
        Some((Ok::<_, std::convert::Infallible>(chunk), reader))
    }));
    let mut response = Response::new(body);
    response.headers_mut().insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    response
}

impl Reader {
    /// The next events; waits for one. `None` at the end of the server, or of its bytes in hand.
    async fn read(&mut self) -> Option<Bytes> {
        loop {
            self.accepted.borrow_and_update();
            let (shared, filter, format) = (Arc::clone(&self.shared), Arc::clone(&self.filter), self.format);
            let (next, next_refusal) = (self.next, self.next_refusal);
            let read = move || {
                let fresh = shared.store.since(next, CHUNK, CHUNK_BYTES);
                // None that came after an event which is not read yet.
                let refused = next_refusal.map(|from| shared.store.refusals_since(from, fresh.next, REFUSALS));
                let text = format.write(&fresh, refused.as_ref(), &filter);
                let is_at_end = fresh.events.is_empty() && refused.as_ref().is_none_or(|refused| refused.is_at_end);
                (text, fresh.next, refused.map(|refused| RefusalStart::At(refused.next)), is_at_end)
            };
            let (text, next, next_refusal, is_at_end) = self.shared.workers.read(Reading::Stream, read).await;
            (self.next, self.next_refusal) = (next, next_refusal);
            self.held.release();
            if self.held.take(text.len()).is_err() {
                self.shared.store.note_dropped_reader();
                return None;
            }
            if !text.is_empty() {
                return Some(text.into());
            }
            if is_at_end {
                self.accepted.changed().await.ok()?;
            }
        }
    }
}
