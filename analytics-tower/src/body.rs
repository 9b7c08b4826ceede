//! The body of an answer, whose end may be the request's.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use analytics_http::{InFlight, Polled};
use bytes::Buf;
use http_body::{Body, Frame, SizeHint};
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

impl<B: Body> TrackedBody<B> {
    /// A body of so many bytes, if the answer's headers say it.
    pub(crate) fn new(inner: B, bytes: Option<u64>, in_flight: Option<InFlight>) -> Self {
        let mut request = Polled::body(in_flight, bytes);
        // Nobody asks for the end of a body that has none.
        if is_at_end(&inner) {
            request.completed();
        }
        Self { inner, request }
    }
}

/// Without a request: for layers that answer in a service's place, such as one that times out.
impl<B: Default> Default for TrackedBody<B> {
    fn default() -> Self {
        Self { inner: B::default(), request: Polled::default() }
    }
}

/// Whether there is nothing to come.
fn is_at_end(body: &impl Body) -> bool {
    body.is_end_stream() || body.size_hint().exact() == Some(0)
}

impl<B: Body> Body for TrackedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let mut this = self.project();
        let request = this.request;
        let (frame, in_flight) = ready!(request.poll(|| this.inner.as_mut().poll_frame(context)));
        request.go_on(in_flight);
        match &frame {
            None => request.completed(),
            Some(Err(_)) => request.failed(),
            Some(Ok(frame)) => {
                if let Some(trailers) = frame.trailers_ref() {
                    request.set_grpc_status(trailers.get("grpc-status").map(http::HeaderValue::as_bytes));
                }
                request.sent(frame.data_ref().map_or(0, Buf::remaining));
                if frame.is_trailers() || is_at_end(&*this.inner) {
                    request.completed();
                }
            }
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
