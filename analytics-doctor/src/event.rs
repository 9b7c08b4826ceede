//! One event, all the way.

use std::time::{Duration, Instant};

use product_analytics::{Actor, Analytics, DropReason, Event, Settlement, block_on};

use crate::last_failure::LastFailure;
use crate::report::{Check, Failure, Report};

/// Somebody ran the doctor.
#[derive(Event)]
#[event(name = "analytics_doctor_ran")]
struct DoctorRan {
    version: &'static str,
}

/// Sends it through the sink that the service has, with its batches, limits and retries.
pub(crate) fn send(analytics: &Analytics, failure: &LastFailure, timeout: Duration, report: &mut Report) {
    let name = DoctorRan::EVENT;
    let begun = Instant::now();
    let acknowledged =
        analytics.send(Actor::service("analytics-doctor"), DoctorRan { version: env!("CARGO_PKG_VERSION") });
    // This sends it at once, retries within the time, and settles it at the end of that.
    analytics.shutdown_blocking(timeout);
    let settlement = block_on(acknowledged);
    let took = begun.elapsed();
    let because = failure.cause().map_or_else(String::new, |cause| format!(": {cause}"));
    match settlement {
        Settlement::Delivered => {
            report
                .tell(Check::ok("event", format!("{name} was taken, which is no proof that it is stored")).took(took));
        }
        Settlement::Dropped(DropReason::Abandoned | DropReason::Expired | DropReason::RetriesSpent) => report
            .fail(Failure::NotTaken, Check::ok("event", format!("{name} was not taken in time{because}")).took(took)),
        Settlement::Dropped(DropReason::Unauthorized) => report.fail(
            Failure::Refused,
            Check::ok("event", format!("{name} was refused for its key{because}"))
                .took(took)
                .with_fix("copy the key of a project in this region"),
        ),
        // So says the backend `log` where nobody reads its lines.
        Settlement::Dropped(DropReason::Disabled) => report.tell(
            Check::ok(
                "event",
                format!("{name} is a line for whoever subscribes to analytics::events, which nobody does here"),
            )
            .took(took),
        ),
        // The server was never asked.
        Settlement::Dropped(reason) if because.is_empty() => report.fail(
            Failure::Configuration,
            Check::ok("event", format!("{name} was dropped before it was sent, {reason}"))
                .took(took)
                .with_any_fix(before_it_was_sent(reason)),
        ),
        Settlement::Dropped(reason) => report
            .fail(Failure::Refused, Check::ok("event", format!("{name} was refused, {reason}{because}")).took(took)),
        _ => report.tell(Check::warn("event", format!("a sink did not say what became of {name}")).took(took)),
    }
}

/// What to do about an event that was dropped before it was sent.
fn before_it_was_sent(reason: DropReason) -> Option<&'static str> {
    match reason {
        DropReason::TooLarge => {
            Some("raise the limit that it is over: ANALYTICS_MAX_EVENT_BYTES, ANALYTICS_QUEUE_BYTES")
        }
        DropReason::QueueFull => Some("make the queue larger: ANALYTICS_QUEUE_BYTES, ANALYTICS_QUEUE_EVENTS"),
        _ => None,
    }
}
