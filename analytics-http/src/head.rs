//! What a framework shows of a request.

use std::fmt;
use std::net::IpAddr;

/// Shows every value of a header to a visitor.
type VisitHeader<'r> = dyn Fn(&str, &mut dyn FnMut(&[u8])) + 'r;

/// What a framework shows of a request before it is handled.
#[derive(Clone, Copy)]
pub struct RequestHead<'r> {
    method: &'r str,
    route: Option<&'r str>,
    peer: Option<IpAddr>,
    headers: &'r VisitHeader<'r>,
}

impl<'r> RequestHead<'r> {
    /// A request with this method, whose headers `headers` shows: every value of the header of that name, which is
    /// given in lower case.
    #[must_use]
    pub fn new(method: &'r str, headers: &'r VisitHeader<'r>) -> Self {
        Self { method, route: None, peer: None, headers }
    }

    /// Adds the route that was matched, as it was written: `/orders/{id}`. The path of the request is no route.
    #[must_use]
    pub fn with_route(mut self, route: Option<&'r str>) -> Self {
        self.route = route;
        self
    }

    /// Adds the address from which the connection came.
    #[must_use]
    pub fn with_peer(mut self, peer: Option<IpAddr>) -> Self {
        self.peer = peer;
        self
    }

    /// Whether it is a gRPC call, as its `Content-Type` says.
    #[must_use]
    pub fn is_grpc(&self) -> bool {
        let mut is_grpc = false;
        self.visit("content-type", &mut |value| is_grpc |= value.starts_with(b"application/grpc"));
        is_grpc
    }

    pub(crate) fn method(&self) -> &'r str {
        self.method
    }

    pub(crate) fn route(&self) -> Option<&'r str> {
        self.route
    }

    pub(crate) fn peer(&self) -> Option<IpAddr> {
        self.peer
    }

    /// Shows every value of a header.
    pub(crate) fn visit(&self, name: &str, visit: &mut dyn FnMut(&[u8])) {
        (self.headers)(name, visit);
    }

    /// Gives the value of a header to `take`, which may be none that it can use. A header that is there twice says
    /// nothing, for nobody knows which of its values is meant.
    pub(crate) fn only<T>(&self, name: &str, take: impl FnOnce(&str) -> Option<T>) -> Option<T> {
        let mut values = 0;
        self.visit(name, &mut |_| values += 1);
        if values != 1 {
            return None;
        }
        let (mut take, mut taken) = (Some(take), None);
        self.visit(name, &mut |value| {
            if let (Some(take), Ok(text)) = (take.take(), str::from_utf8(value)) {
                taken = take(text);
            }
        });
        taken
    }
}

impl fmt::Debug for RequestHead<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RequestHead").field("method", &self.method).field("route", &self.route).finish_non_exhaustive()
    }
}
