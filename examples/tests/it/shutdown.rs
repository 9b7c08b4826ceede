//! How the service ends.

use std::time::{Duration, Instant};

use analytics_inspector::{Inspector, InspectorOptions};
use rustix::process::Signal;

use crate::browser::Browser;
use crate::process::Running;

const GRACE: Duration = Duration::from_secs(4);

#[tokio::test]
async fn a_signal_ends_it_in_time_with_all_events_delivered_although_a_stream_is_open() {
    for signal in [Signal::TERM, Signal::INT] {
        let inspector = Inspector::start(InspectorOptions::default()).unwrap();
        // Nothing is sent before the end: neither the number nor the time is reached.
        let service = Running::start(&[
            ("POSTHOG_API_KEY", "phc_shutdown"),
            ("POSTHOG_HOST", &inspector.url()),
            ("ANALYTICS_FLUSH_INTERVAL", "1h"),
            ("SHUTDOWN_GRACE", "4s"),
        ]);
        let browser = Browser::new(service.url(), "s1", Some("u1"));
        let mut feed = browser.get("/feed").await;
        assert_eq!(feed.chunk().await.unwrap().unwrap(), "event: open\ndata: s1\n\n");
        for _ in 0..10 {
            browser.do_everything().await;
        }
        assert_eq!(inspector.totals().events_accepted, 0);

        let asked = Instant::now();
        service.signal(signal);
        let (status, log) = service.ended();
        let took = asked.elapsed();
        assert!(status.success(), "{signal:?}: {status}");
        // The stream has half of the grace, and uses it. How long the rest took is the machine's affair.
        assert!(took >= GRACE / 2, "{signal:?}: {took:?}");
        assert!(log.last().unwrap().contains("50 captured · 50 delivered · 0 lost · 1 request"), "{log:#?}");
        assert!(log.iter().any(|line| line.contains("connections are still open")), "{log:#?}");
        assert_eq!((inspector.totals().unique_events, inspector.totals().names.len()), (50, 5));
    }
}

#[tokio::test]
async fn without_open_connections_it_ends_at_once() {
    let service = Running::start(&[("SHUTDOWN_GRACE", "1h")]);
    Browser::new(service.url(), "s1", Some("u1")).do_everything().await;
    service.signal(Signal::TERM);
    let (status, log) = service.ended();
    assert!(status.success());
    assert!(log.last().unwrap().contains(" captured · "), "{log:#?}");
}
