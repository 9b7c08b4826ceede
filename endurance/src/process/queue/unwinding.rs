//! Tracking while a thread unwinds.

use std::time::Duration;

use analytics_core::Analytics;
use analytics_inspector::Fault;

use crate::process::scene::{LONG, TOLERANCE, equal, inspector, sink, track};
use crate::process::{Victim, child};
use crate::{Figures, Outcome, Proof, Row, Tier, Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 46,
    fault: "a panic hook or a `Drop` during unwinding tracks and flushes",
    must: "no second panic; it ends within its grace",
    proof: Proof::Here(unwinding),
};

pub(super) const VICTIM: Victim = ("unwinding", |arguments| child::finish(victim(arguments)));

const GRACE: Duration = Duration::from_millis(300);
/// How a process ends whose main thread panicked.
const PANIC_CODE: i32 = 101;

fn unwinding(tier: Tier) -> Outcome {
    let runs = tier.pick(3, 50);
    for _ in 0..runs {
        for stalls in [false, true] {
            let inspector = inspector()?;
            if stalls {
                inspector.inject(Fault::never_answer().always());
            }
            let grace = if stalls { GRACE } else { LONG / 2 };
            let arguments = [&*inspector.url(), &grace.as_millis().to_string()];
            let ended = child::run(child::command("unwinding", &arguments)?, LONG)?;
            let code = ended.status.and_then(|status| status.code());
            equal(&format!("the exit code ({})", ended.errors), &code, &Some(PANIC_CODE))?;
            equal("panics", &ended.errors.matches("panicked at").count(), &1)?;
            ended.settled(3)?;
            equal("arrived", &inspector.totals().unique_events, &if stalls { 0 } else { 3 })?;
            ensure(!stalls || ended.lasted <= 2 * (GRACE + TOLERANCE), || format!("it took {:?}", ended.lasted))?;
        }
    }
    Ok(Figures::of("runs", 2 * runs).and("exit code", PANIC_CODE).and("second panics", 0).and("lost", 0))
}

/// What a service may do at its end, however it comes.
struct Farewell(Analytics, Duration);

impl Drop for Farewell {
    fn drop(&mut self) {
        track(&self.0, 2..3);
        let flushed = self.0.flush_blocking(self.1);
        let ledger = self.0.shutdown_blocking(self.1);
        child::tell("flushed", flushed.delivered());
        child::tell_ledger(&ledger);
    }
}

#[expect(clippy::panic, reason = "the fault")]
fn victim(arguments: &[String]) -> Result<(), Unmet> {
    let analytics = sink(child::argument(arguments, 0)?)?;
    let grace = Duration::from_millis(child::argument(arguments, 1)?.parse().unwrap_or(0));
    let (hooked, default) = (analytics.clone(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |info| {
        track(&hooked, 1..2);
        default(info);
    }));
    track(&analytics, 0..1);
    let _farewell = Farewell(analytics, grace);
    panic!("the service's")
}
