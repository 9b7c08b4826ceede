//! A request that is being handled.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use analytics_core::Exception;
use analytics_http::{InFlight, Polled};
use http::Response;
use http_body::Body;
use pin_project_lite::pin_project;

use crate::body::TrackedBody;

pin_project! {
    /// A request that is being handled. Dropped before its answer, it counts as cancelled.
    #[derive(Debug)]
    pub struct TrackedFuture<F> {
        #[pin]
        inner: F,
        request: Polled,
    }
}

impl<F> TrackedFuture<F> {
    pub(crate) fn new(inner: F, in_flight: Option<InFlight>) -> Self {
        Self { inner, request: Polled::new(in_flight) }
    }
}

impl<F, B, E> Future for TrackedFuture<F>
where
    F: Future<Output = Result<Response<B>, E>>,
    B: Body,
{
    type Output = Result<Response<TrackedBody<B>>, E>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (result, in_flight) = ready!(this.request.poll(|| this.inner.poll(context)));
        Poll::Ready(match result {
            Ok(response) => {
                let in_flight = in_flight.and_then(|in_flight| answered(in_flight, &response));
                let length = content_length(&response);
                Ok(response.map(|body| TrackedBody::new(body, length, in_flight)))
            }
            Err(error) => {
                if let Some(in_flight) = in_flight {
                    in_flight.failed();
                }
                Err(error)
            }
        })
    }
}

/// What the answer says of its body's length. Who writes it asks for no more than that.
fn content_length<B>(response: &Response<B>) -> Option<u64> {
    response.headers().get(http::header::CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}

/// Gives the request back if it ends with its answer's body.
fn answered<B>(in_flight: InFlight, response: &Response<B>) -> Option<InFlight> {
    if let Some(error) = response.extensions().get::<Exception>() {
        in_flight.track_error(error);
    }
    let grpc_status = response.headers().get("grpc-status").map(http::HeaderValue::as_bytes);
    in_flight.answered(response.status().as_u16(), grpc_status)
}
