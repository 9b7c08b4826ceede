//! The body of an answer, whose end may be the request's.

use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::body::{BodySize, MessageBody};
use analytics_http::InFlight;
use bytes::Bytes;
use pin_project_lite::pin_project;

pin_project! {
    /// The body of an answer. Where the request ends with it, it is told so.
    #[derive(Debug)]
    pub struct TrackedBody<B> {
        #[pin]
        inner: B,
        in_flight: Option<InFlight>,
        // What is to come, where that is known: nobody asks for more.
        bytes_left: Option<u64>,
    }
}

impl<B: MessageBody> TrackedBody<B> {
    pub(crate) fn new(inner: B, in_flight: Option<InFlight>) -> Self {
        let bytes_left = match inner.size() {
            BodySize::None => Some(0),
            BodySize::Sized(bytes) => Some(bytes),
            BodySize::Stream => None,
        };
        let mut body = Self { inner, in_flight, bytes_left };
        if body.bytes_left == Some(0) {
            end(&mut body.in_flight);
        }
        body
    }
}

fn end(in_flight: &mut Option<InFlight>) {
    if let Some(in_flight) = in_flight.take() {
        in_flight.completed();
    }
}

impl<B: MessageBody> MessageBody for TrackedBody<B> {
    type Error = B::Error;

    fn size(&self) -> BodySize {
        self.inner.size()
    }

    fn poll_next(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Result<Bytes, Self::Error>>> {
        let this = self.project();
        let chunk = ready!(this.inner.poll_next(context));
        match &chunk {
            None => end(this.in_flight),
            Some(Err(_)) => {
                if let Some(in_flight) = this.in_flight.take() {
                    in_flight.failed();
                }
            }
            Some(Ok(bytes)) => {
                if let Some(left) = this.bytes_left {
                    *left = left.saturating_sub(bytes.len() as u64);
                    if *left == 0 {
                        end(this.in_flight);
                    }
                }
            }
        }
        Poll::Ready(chunk)
    }
}
