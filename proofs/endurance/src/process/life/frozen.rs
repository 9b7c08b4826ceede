//! A process that is frozen and thawed, as a virtual machine or a function in a cloud is.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, SystemTime};

use analytics_inspector::Fault;
use rustix::process::Signal;

use crate::figures::{Figures, time};
use crate::harness::fixture::{LONG, OrFail, config, count, inspector, spawn, track};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 75,
    fault: "the process is frozen with a request in flight, and thawed",
    must: "timers fire once; the request in flight is sent again under the same ids",
    proof: Proof::Inline(frozen),
};

pub(super) const SUBPROCESS: Subprocess = ("frozen", |arguments| subprocess::finish(in_subprocess(arguments)));

/// Two of them fit into the second after the thaw.
const INTERVAL: Duration = Duration::from_millis(600);

fn frozen(tier: Tier) -> Outcome {
    let freeze = tier.pick(Duration::from_secs(3), Duration::from_secs(120));
    let inspector = inspector()?;
    let mut running = subprocess::Running::start(subprocess::command("frozen", &[&inspector.url()])?)?;
    running.wait_for("begun", LONG)?;
    ensure(inspector.wait_for(1, LONG), || "nothing arrived".to_owned())?;
    inspector.inject(Fault::never_answer());
    let before = inspector.totals().requests;
    ensure(inspector.wait_for_requests(before + 1, LONG), || "no request is in flight".to_owned())?;
    running.signal(Signal::STOP)?;
    thread::sleep(freeze);
    let thawed = SystemTime::now();
    running.signal(Signal::CONT)?;
    thread::sleep(Duration::from_secs(1));
    let in_the_second = |at: SystemTime| at.duration_since(thawed).is_ok_and(|after| after <= Duration::from_secs(1));
    let burst = inspector.requests().iter().filter(|request| in_the_second(request.received_at)).count();
    let ended = running.end(LONG)?.succeeded()?;
    let captured = ended.number("captured")?;
    ended.settled(captured)?;
    let lost = captured.abs_diff(inspector.totals().unique_events).max(captured - ended.number("delivered")?);
    // One more than fit, for an answer that was on its way: those of the missed intervals would be more.
    ensure(burst <= 3, || format!("{burst} requests in the second after the thaw"))?;
    let figures = Figures::of("frozen for", time(freeze)).and("interval", time(INTERVAL));
    figures.and("requests in the second after", burst).and("events", captured).and_none("lost", lost)
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let mut config = config(subprocess::argument(arguments, 0)?)?;
    config.delivery.flush_interval = INTERVAL;
    config.delivery.flush_at = count(100_000);
    config.delivery.request_timeout = Duration::from_secs(1);
    let analytics = spawn(config)?;
    let is_over = Arc::new(AtomicBool::new(false));
    let (tracking, stop) = (analytics.clone(), Arc::clone(&is_over));
    let producer = thread::spawn(move || {
        let mut n = 0;
        while !stop.load(Ordering::SeqCst) {
            track(&tracking, n..n + 1);
            n += 1;
            thread::sleep(Duration::from_millis(5));
        }
    });
    subprocess::tell("begun", "");
    subprocess::wait_for_end_of_input();
    is_over.store(true, Ordering::SeqCst);
    producer.join().ok().or_fail("the producer panicked")?;
    subprocess::tell_ledger(&analytics.shutdown_blocking(LONG / 2));
    Ok(())
}
