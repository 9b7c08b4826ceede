//! A body with something that is dropped when the body is.

use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};

struct Attached<A> {
    inner: Body,
    _attachment: A,
}

/// Keeps `attachment` until the body was read to its end, or is given up.
pub(crate) fn attach(body: Body, attachment: impl Send + Unpin + 'static) -> Body {
    Body::new(Attached { inner: body, _attachment: attachment })
}

impl<A: Unpin> HttpBody for Attached<A> {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        Pin::new(&mut self.inner).poll_frame(cx)
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
