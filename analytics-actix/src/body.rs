//! The body of an answer, whose end may be the request's.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, MessageBody};
use analytics_http::{InFlight, Polled};
use bytes::Bytes;
use pin_project_lite::pin_project;

pin_project! {
    /// The body of an answer. Where the request ends with it, it is told so.
    #[derive(Debug)]
    pub struct TrackedBody<B> {
        #[pin]
        inner: B,
        request: Polled,
    }
}

impl<B: MessageBody> TrackedBody<B> {
    pub(crate) fn new(inner: B, in_flight: Option<InFlight>) -> Self {
        let bytes = match inner.size() {
            BodySize::None => Some(0),
            BodySize::Sized(bytes) => Some(bytes),
            BodySize::Stream => None,
        };
        Self { inner, request: Polled::body(in_flight, bytes) }
    }
}

impl<B: MessageBody> MessageBody for TrackedBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.inner.size()
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let request = this.request;
        let (chunk, in_flight) = ready!(request.poll(|| this.inner.poll_next(context)));
        request.go_on(in_flight);
        match &chunk {
            None => request.completed(),
            Some(Err(_)) => request.failed(),
            Some(Ok(bytes)) => request.sent(bytes.len()),
        }
        Poll::Ready(chunk)
    }
}
