//! What the service says of its analytics.

use std::time::{Duration, Instant};

use analytics_inspector::{Inspector, InspectorOptions};
use serde_json::{Value, json};

use crate::PATIENCE;
use crate::browser::Browser;
use crate::process::Running;

#[tokio::test]
async fn it_says_whether_events_can_be_sent_and_is_well_all_the_same() {
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    let url = inspector.url();
    let service =
        Running::start(&[("POSTHOG_API_KEY", "phc_health"), ("POSTHOG_HOST", &url), ("ANALYTICS_FLUSH_AT", "1")]);
    let browser = Browser::new(service.url(), "s1", Some("u1"));
    assert_eq!(health(&browser).await, json!({ "status": "ok", "analytics": "ok" }));

    // With nobody at that address any more an attempt fails, and health tells how.
    drop(inspector);
    browser.do_everything().await;
    let deadline = Instant::now() + PATIENCE;
    loop {
        let health = health(&browser).await;
        let analytics = health["analytics"].as_str().unwrap();
        if analytics != "ok" {
            assert!(analytics.starts_with("failing for ") && analytics.contains(" s: "), "{analytics}");
            assert_eq!(health["status"], "ok");
            return;
        }
        assert!(Instant::now() < deadline, "it still is {analytics}");
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}

async fn health(browser: &Browser) -> Value {
    let response = browser.get("/health").await;
    assert_eq!(response.status(), 200);
    response.json().await.unwrap()
}
