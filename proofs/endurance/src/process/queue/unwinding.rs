//! Tracking while a thread unwinds.

use std::time::Duration;

use analytics_core::Analytics;
use analytics_inspector::Fault;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, TOLERANCE, equal, inspector, sink, track};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 46,
    fault: "a panic hook or a `Drop` during unwinding tracks and flushes",
    must: "no second panic; it ends within its grace",
    proof: Proof::Inline(unwinding),
};

pub(super) const SUBPROCESS: Subprocess = ("unwinding", |arguments| subprocess::finish(in_subprocess(arguments)));

const GRACE: Duration = Duration::from_millis(300);
/// One before the panic, one of its hook, one of a `Drop`.
const EVENTS: u64 = 3;
/// How a process ends whose main thread panicked.
const PANIC_CODE: i32 = 101;

fn unwinding(tier: Tier) -> Outcome {
    let runs = tier.pick(3, 50);
    let (mut ended_so, mut second, mut lost) = (0, 0, 0);
    for _ in 0..runs {
        for stalls in [false, true] {
            let inspector = inspector()?;
            if stalls {
                inspector.inject(Fault::never_answer().always());
            }
            let grace = if stalls { GRACE } else { LONG / 2 };
            let arguments = [&*inspector.url(), &grace.as_millis().to_string()];
            let ended = subprocess::run(subprocess::command("unwinding", &arguments)?, LONG)?;
            let code = ended.status.and_then(|status| status.code());
            equal(&format!("the exit code ({})", ended.errors), &code, &Some(PANIC_CODE))?;
            ended_so += 1;
            second += ended.errors.matches("panicked at").count().abs_diff(1);
            ended.settled(EVENTS)?;
            // A server that stalls takes none.
            lost += inspector.totals().unique_events.abs_diff(if stalls { 0 } else { EVENTS });
            ensure(!stalls || ended.lasted <= 2 * (GRACE + TOLERANCE), || format!("it took {:?}", ended.lasted))?;
        }
    }
    let figures = Figures::of("runs", 2 * runs).and("ended as a panic ends", ended_so);
    figures.and_none("second panics", second)?.and_none("lost where the server answers", lost)
}

/// What a service may do at its end, however it comes.
struct Farewell(Analytics, Duration);

impl Drop for Farewell {
    fn drop(&mut self) {
        track(&self.0, 2..3);
        let flushed = self.0.flush_blocking(self.1);
        let ledger = self.0.shutdown_blocking(self.1);
        subprocess::tell("flushed", flushed.delivered());
        subprocess::tell_ledger(&ledger);
    }
}

#[expect(clippy::panic, reason = "the fault")]
fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let analytics = sink(subprocess::argument(arguments, 0)?)?;
    let grace = Duration::from_millis(subprocess::argument(arguments, 1)?.parse().unwrap_or(0));
    let (hooked, default) = (analytics.clone(), std::panic::take_hook());
    std::panic::set_hook(Box::new(move |info| {
        track(&hooked, 1..2);
        default(info);
    }));
    track(&analytics, 0..1);
    let _farewell = Farewell(analytics, grace);
    panic!("the service's")
}
