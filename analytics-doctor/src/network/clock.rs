//! This machine's clock, by the server's.

use std::time::Duration;

use super::http::Dated;
use crate::report::{Check, Report};

/// As much as a clock may differ. PostHog corrects an event's time by that of its request, and moves what is more
/// than 23 h ahead then (<https://posthog.com/docs/data/timestamps>), so that this costs nothing there. Beyond it
/// something is wrong with the machine.
const TOLERATED: Duration = Duration::from_secs(60);

/// Nothing is told below this: a `Date` has whole seconds, and the request took some time.
const NOTICED: Duration = Duration::from_secs(2);

pub(super) fn compare(date: &Dated, report: &mut Report) {
    let (difference, direction) = match date.here.duration_since(date.server) {
        Ok(ahead) => (ahead, "ahead of"),
        Err(behind) => (behind.duration(), "behind"),
    };
    let told = humantime::format_duration(Duration::from_secs(difference.as_secs()));
    report.tell(if difference <= NOTICED {
        Check::ok("clock", "in step with the server's")
    } else if difference <= TOLERATED {
        Check::ok("clock", format!("{told} {direction} the server's"))
    } else {
        Check::warn("clock", format!("{told} {direction} the server's")).with_fix(
            "set this machine's clock; PostHog corrects events by their request's time, and takes in what is still \
             more than 23 h ahead as if it happened on arrival",
        )
    });
}
