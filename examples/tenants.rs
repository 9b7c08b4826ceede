//! How does each tenant get a project of its own?
//!
//! ```sh
//! cargo run -p analytics-examples --example tenants
//! ```

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::time::Duration;

use analytics_inspector::{Inspector, InspectorOptions};
use analytics_posthog::{ApiKey, Host, PostHogConfig, PostHogSink};
use product_analytics::{Actor, Analytics, Event, Router};

#[derive(Event)]
#[event(name = "report_created")]
struct ReportCreated {
    rows: u64,
}

/// A handle whose events go to their tenant's project, and those of all others to the service's own.
fn by_tenant(host: &Host, own_key: &str, keys: &[(&str, &str)]) -> Result<Analytics, Box<dyn Error>> {
    let project = |key| -> Result<_, Box<dyn Error>> {
        Ok(PostHogSink::spawn(PostHogConfig::new(ApiKey::parse(key)?, host.clone()))?)
    };
    let mut router = Router::by_group("organization").otherwise(project(own_key)?);
    for (tenant, key) in keys {
        router = router.with(*tenant, project(key)?);
    }
    Ok(Analytics::new(router))
}

fn main() -> Result<(), Box<dyn Error>> {
    // A server on this machine that speaks PostHog's protocol, in place of PostHog. It takes any key.
    let inspector = Inspector::start(InspectorOptions::default())?;
    let host = Host::parse(&inspector.url())?;
    let analytics = by_tenant(&host, "phc_own", &[("acme", "phc_acme"), ("globex", "phc_globex")])?;

    for (tenant, rows) in [("acme", 12), ("globex", 7), ("umbrella", 3)] {
        // What a request's handler is given.
        let analytics = analytics.in_group("organization", tenant);
        analytics.track(Actor::user("u1"), ReportCreated { rows });
    }
    let ledger = analytics.shutdown_blocking(Duration::from_secs(10));

    let mut lines = Vec::new();
    for event in inspector.events() {
        let request = inspector.requests().into_iter().find(|request| request.number == event.request);
        lines.push(format!("{}: {event}", request.and_then(|request| request.api_key).unwrap_or_default()));
    }
    lines.sort();
    println!("{}\n{} captured, {} delivered", lines.join("\n"), ledger.captured(), ledger.delivered());
    Ok(())
}
