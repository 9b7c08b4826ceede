//! What a request costs beside its framework.

use allocation_counter::measure;
use analytics_core::{Analytics, DynamicEvent};
use analytics_http::{ClientIp, RequestOptions};
use analytics_noop::NoopSink;

use crate::support::{PEER, begin};

#[test]
fn a_scope_of_eight_takes_four_allocations() {
    let analytics = Analytics::new(NoopSink::new()).with("environment", "test");
    let options = RequestOptions::new().with_client_ip(ClientIp::behind([PEER]).unwrap());
    let headers = [
        ("x-request-id", "0197b1a0-0000-7000-8000-000000000001"),
        ("user-agent", "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0"),
        ("traceparent", "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"),
        ("x-posthog-distinct-id", "0197b1a0-0000-7000-8000-000000000002"),
        ("x-posthog-session-id", "0197b1a0-0000-7000-8000-000000000003"),
        ("x-posthog-window-id", "0197b1a0-0000-7000-8000-000000000004"),
    ];
    let known = measure(|| drop(begin(&analytics, &options, &headers).answered(200, None)));
    let nobody = measure(|| drop(begin(&analytics, &options, &headers[..3]).answered(200, None)));
    assert!(known.count_total <= 4 && nobody.count_total <= 4, "{} and {}", known.count_total, nobody.count_total);

    let event = DynamicEvent::new("order_placed");
    let request = begin(&analytics, &options, &headers);
    let events = measure(|| {
        for _ in 0..100 {
            request.handle().clone().track(&event);
        }
    });
    assert_eq!(events.count_total, 0);
}
