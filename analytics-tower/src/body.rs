//! The body of an answer, whose end may be the request's.

use std::pin::Pin;
use std::task::{Context, Poll};

use analytics_http::InFlight;
use bytes::Buf as _;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// The body of an answer. Where the request ends with it, it is told so.
    #[derive(Debug)]
    pub struct TrackedBody<B> {
        #[pin]
        inner: B,
        in_flight: Option<InFlight>,
        // What is to come, where the answer's headers say it: who writes the body asks for no more.
        bytes_left: Option<u64>,
    }
}

impl<B: Body> TrackedBody<B> {
    pub(crate) fn new(inner: B, bytes_left: Option<u64>, in_flight: Option<InFlight>) -> Self {
        let mut body = Self { inner, in_flight, bytes_left };
        // Nobody asks for the end of a body that has none.
        if is_at_end(&body.inner, bytes_left) {
            end(&mut body.in_flight);
        }
        body
    }
}

/// Without a request: for layers that answer in a service's place, such as one that times out.
impl<B: Default> Default for TrackedBody<B> {
    fn default() -> Self {
        Self { inner: B::default(), in_flight: None, bytes_left: None }
    }
}

/// Whether there is nothing to come.
fn is_at_end(body: &impl Body, bytes_left: Option<u64>) -> bool {
    body.is_end_stream() || body.size_hint().exact() == Some(0) || bytes_left == Some(0)
}

fn end(in_flight: &mut Option<InFlight>) {
    if let Some(in_flight) = in_flight.take() {
        in_flight.completed();
    }
}

impl<B: Body> Body for TrackedBody<B> {
    type Data = B::Data;
    type Error = B::Error;

    fn poll_frame(
        self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Self::Data>, Self::Error>>> {
        let mut this = self.project();
        // As in `TrackedFuture`: a body's code can panic, too.
        let mut in_flight = this.in_flight.take();
        let Poll::Ready(frame) = this.inner.as_mut().poll_frame(context) else {
            *this.in_flight = in_flight;
            return Poll::Pending;
        };
        match &frame {
            None => end(&mut in_flight),
            Some(Err(_)) => {
                if let Some(in_flight) = in_flight.take() {
                    in_flight.failed();
                }
            }
            Some(Ok(frame)) => {
                if let (Some(data), Some(left)) = (frame.data_ref(), this.bytes_left.as_mut()) {
                    *left = left.saturating_sub(data.remaining() as u64);
                }
                if let (Some(trailers), Some(in_flight)) = (frame.trailers_ref(), in_flight.as_mut()) {
                    in_flight.set_grpc_status(trailers.get("grpc-status").map(http::HeaderValue::as_bytes));
                }
                if frame.is_trailers() || is_at_end(&*this.inner, *this.bytes_left) {
                    end(&mut in_flight);
                }
            }
        }
        *this.in_flight = in_flight;
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
