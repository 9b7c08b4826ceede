//! How does somebody unknown become a user, and the user a member of a company?
//!
//! ```sh
//! cargo run -p analytics-examples --example sign_up
//! ```

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::error::Error;
use std::time::Duration;

use analytics_inspector::{Inspector, InspectorOptions, ReceivedEvent};
use product_analytics::{Actor, Analytics, DistinctId, Event, Properties};

#[derive(Event)]
enum SignUpEvent<'a> {
    #[event(name = "pricing_viewed")]
    PricingViewed { page: &'a str },
    #[event(name = "signed_up")]
    SignedUp { method: &'a str },
    #[event(name = "report_created")]
    ReportCreated { rows: u64 },
}

/// What is known about a person. The keys are the person's properties.
#[derive(Properties)]
struct Person<'a> {
    #[event(privacy = "personal")]
    email: &'a str,
    plan: &'a str,
}

/// What is set once and then stays, whatever is said later.
#[derive(Properties)]
struct FirstSeen<'a> {
    first_page: &'a str,
}

/// What is known about a company.
#[derive(Properties)]
struct Company<'a> {
    name: &'a str,
    seats: u32,
}

fn main() -> Result<(), Box<dyn Error>> {
    // A server on this machine that speaks PostHog's protocol, in place of PostHog.
    let inspector = Inspector::start(InspectorOptions::default())?;
    let url = inspector.url();
    let analytics =
        product_analytics::from_vars([("ANALYTICS_BACKEND", "inspector"), ("ANALYTICS_INSPECTOR_URL", url.as_str())])?;

    sign_up(&analytics);
    let ledger = analytics.shutdown_blocking(Duration::from_secs(10));

    inspector.events().iter().for_each(show);
    println!("\n{} captured, {} delivered", ledger.captured(), ledger.delivered());
    Ok(())
}

fn sign_up(analytics: &Analytics) {
    // 1. Somebody unknown. All that is known is a session; the event makes no person.
    let session_id = "s1";
    analytics.track(Actor::session(session_id), SignUpEvent::PricingViewed { page: "/pricing" });

    // 2. They sign up. `from_anonymous` joins what the session did to the new user, under the id that
    //    `Actor::session` sends.
    let user_id = "u1";
    analytics
        .identify(user_id)
        .from_anonymous(DistinctId::session(session_id))
        .set(&Person { email: "ada@example.com", plan: "free" })
        .set_once(&FirstSeen { first_page: "/pricing" })
        .track();
    let user = Actor::user(user_id);
    analytics.track(user, SignUpEvent::SignedUp { method: "password" });

    // 3. The same person was here before, on a phone. Nothing new is known about them: `alias` only joins.
    analytics.alias(DistinctId::session("s0")).to_user(user_id).track();

    // 4. Their company, described once. Then a handle whose every event happens there.
    analytics.group_identify("company", "acme").set(&Company { name: "Acme", seats: 25 }).track();
    let at_acme = analytics.in_group("company", "acme");
    at_acme.track(user, SignUpEvent::ReportCreated { rows: 1_204 });

    // 5. The first report is what they pay for: an event that changes a person on the way.
    at_acme.event(user, SignUpEvent::ReportCreated { rows: 7 }).set_person("plan", "pro").track();
}

/// The event as one line, and under it what it tells PostHog about persons and groups.
fn show(event: &ReceivedEvent) {
    println!("{event}");
    for key in [
        "$process_person_profile",
        "$anon_distinct_id",
        "$set",
        "$set_once",
        "$groups",
        "$group_type",
        "$group_key",
        "$group_set",
    ] {
        if let Some(value) = event.property(key) {
            println!("    {key}: {value}");
        }
    }
}
