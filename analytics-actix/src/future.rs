//! A request that is being handled.

use std::future::Future;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use actix_web::HttpResponse;
use actix_web::body::MessageBody;
use actix_web::dev::ServiceResponse;
use analytics_core::Exception;
use analytics_core::unwind::catch_panic;
use analytics_http::{InFlight, Polled};
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

impl<F, B> Future for TrackedFuture<F>
where
    F: Future<Output = Result<ServiceResponse<B>, actix_web::Error>>,
    B: MessageBody,
{
    type Output = Result<ServiceResponse<TrackedBody<B>>, actix_web::Error>;

    fn poll(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Self::Output> {
        let this = self.project();
        let (result, in_flight) = ready!(this.request.poll(|| this.inner.poll(context)));
        Poll::Ready(match result {
            Ok(response) => {
                let in_flight = in_flight.and_then(|in_flight| answered(in_flight, response.response()));
                Ok(response.map_body(|_, body| TrackedBody::new(body, in_flight)))
            }
            Err(error) => {
                if let Some(in_flight) = in_flight {
                    refused(in_flight, &error);
                }
                Err(error)
            }
        })
    }
}

/// Somebody outside makes an answer of an error, once: its body is none of ours, and its code is not run twice.
fn refused(in_flight: InFlight, error: &actix_web::Error) {
    // The status is the host's code, too.
    let status = catch_panic(|| error.as_response_error().status_code());
    match status {
        Some(status) => {
            if let Some(in_flight) = in_flight.answered(status.as_u16(), None) {
                in_flight.completed();
            }
        }
        None => in_flight.failed(),
    }
}

/// Gives the request back if it ends with its answer's body.
fn answered<B>(in_flight: InFlight, response: &HttpResponse<B>) -> Option<InFlight> {
    if let Some(error) = response.extensions().get::<Exception>() {
        in_flight.track_error(error);
    }
    let grpc_status = response.headers().get("grpc-status").map(actix_web::http::header::HeaderValue::as_bytes);
    in_flight.answered(response.status().as_u16(), grpc_status)
}
