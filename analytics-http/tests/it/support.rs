//! What the tests share.

use analytics_core::Analytics;
use analytics_http::{InFlight, RequestHead, RequestOptions};
use analytics_testkit::{Recorded, RecordingSink};

pub(crate) const PEER: &str = "10.0.0.1";

pub(crate) fn service() -> (Analytics, Recorded) {
    let (sink, recorded) = RecordingSink::pair();
    (Analytics::new(sink), recorded)
}

/// Begins `GET /orders/7` with these headers.
pub(crate) fn begin(analytics: &Analytics, options: &RequestOptions, headers: &[(&str, &str)]) -> InFlight {
    let visit = |name: &str, visit: &mut dyn FnMut(&[u8])| {
        for (_, value) in headers.iter().filter(|(key, _)| *key == name) {
            visit(value.as_bytes());
        }
    };
    let head = RequestHead::new("GET", &visit).with_route(Some("/orders/{id}")).with_peer(PEER.parse().ok());
    options.begin(analytics, &head, None, (None, None))
}
