//! The body of an answer, whose end may be the request's.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use analytics_http::InFlight;
use http_body::{Body, Frame, SizeHint};
use pin_project_lite::pin_project;

pin_project! {
    /// The body of an answer. Where the request ends with it, it is told so.
    #[derive(Debug)]
    pub struct TrackedBody<B> {
        #[pin]
        inner: B,
        in_flight: Option<InFlight>,
    }
}

impl<B: Body> TrackedBody<B> {
    pub(crate) fn new(inner: B, in_flight: Option<InFlight>) -> Self {
        let mut body = Self { inner, in_flight };
        // Nobody asks for the end of a body that has none.
        if is_at_end(&body.inner) {
            end(&mut body.in_flight);
        }
        body
    }
}

/// Without a request: for layers that answer in a service's place, such as one that times out.
impl<B: Default> Default for TrackedBody<B> {
    fn default() -> Self {
        Self { inner: B::default(), in_flight: None }
    }
}

/// Whether there is nothing to come. Who writes a body of a known size does not ask for more than that.
fn is_at_end(body: &impl Body) -> bool {
    body.is_end_stream() || body.size_hint().exact() == Some(0)
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
        let frame = ready!(this.inner.as_mut().poll_frame(context));
        match &frame {
            None => end(this.in_flight),
            Some(Err(_)) => {
                if let Some(in_flight) = this.in_flight.take() {
                    in_flight.failed();
                }
            }
            Some(Ok(frame)) => {
                if let (Some(trailers), Some(in_flight)) = (frame.trailers_ref(), this.in_flight.as_mut()) {
                    in_flight.set_grpc_status(trailers.get("grpc-status").map(http::HeaderValue::as_bytes));
                    end(this.in_flight);
                } else if is_at_end(&*this.inner) {
                    end(this.in_flight);
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
