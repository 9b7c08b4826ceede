//! Faults at random for a long time.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use analytics_core::{Actor, Analytics, DynamicEvent};
use analytics_inspector::{Inspector, InspectorOptions};
use fastrand::Rng;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, config, count, equal, spawn, track};
use crate::harness::{Subprocess, measure, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};
use crate::{faults, figures};

pub(super) const ROW: Row = Row {
    number: 80,
    fault: "all of the server's faults at random, for minutes",
    must: "every event is accounted for; descriptors and threads do not grow, and memory only until each place of the queue was \
           used (row 108)",
    proof: Proof::Inline(soak),
};

pub(super) const LONG_ROW: Row = Row {
    number: 108,
    fault: "an hour of all of the server's faults at random, once each place of the queue was used",
    must: "memory does not grow any more; until then it grows by the queue's limit, its index and a batch's buffers",
    proof: Proof::Inline(long_soak),
};

pub(super) const SUBPROCESS: Subprocess = ("soak", |arguments| subprocess::finish(in_subprocess(arguments)));

/// Events that are delivered before memory is looked at, in a service that has used each place of its queue. An index
/// for 100,000 events is a ring of 24 bytes for each, of which the system gives a page when it is first written to; and
/// the events' bytes take as much as ever waited, which is the queue's limit here.
const WHOLE_RING: u64 = 120_000;

/// By how much memory may grow in the full run, in KiB a minute. A run of seconds is too short for a slope.
const MOST: f64 = 1.0;

/// What glibc does with what is freed moves by itself: the end of a heap is given back when it is free, and where large
/// buffers of any length share a heap with small ones, gaps come and go. That hides a small slope, or feigns one. With
/// these, large buffers have pages of their own, which go back at once, and the heap of the small ones keeps what it
/// ever had. See `mallopt(3)`: <https://man7.org/linux/man-pages/man3/mallopt.3.html>.
const STEADY_HEAP: [(&str, &str); 2] = [("MALLOC_TRIM_THRESHOLD_", "1073741824"), ("MALLOC_MMAP_THRESHOLD_", "32768")];

/// How long the full run lasts, in minutes.
const MINUTES: &str = "ENDURANCE_SOAK_MINUTES";
/// A run that failed is run again with its seed.
const SEED: &str = "ENDURANCE_SOAK_SEED";

fn variable(name: &str) -> Option<u64> {
    std::env::var(name).ok()?.parse().ok()
}

fn soak(tier: Tier) -> Outcome {
    run(tier.pick(Duration::from_secs(10), minutes(3)), 0).map(|(figures, _)| figures)
}

fn long_soak(tier: Tier) -> Outcome {
    // A run of seconds looks at no slope, and an unoptimized build on a busy machine need not go round the whole ring.
    let (time, warm_up) = tier.pick((Duration::from_secs(10), WHOLE_RING / 10), (minutes(60), WHOLE_RING));
    let (figures, slope) = run(time, warm_up)?;
    ensure(tier == Tier::Ci || slope <= MOST, || format!("memory grows by {slope:.1} KiB/min ({figures})"))?;
    Ok(figures)
}

fn minutes(full: u64) -> Duration {
    Duration::from_secs(60 * variable(MINUTES).unwrap_or(full))
}

/// Returns the slope of memory beside the figures, in KiB a minute.
fn run(time: Duration, warm_up: u64) -> Result<(Figures, f64), Unmet> {
    let seed = variable(SEED).unwrap_or_else(|| fastrand::u64(..));
    under_faults(time, warm_up, seed).map_err(|unmet| match unmet {
        Unmet::Failed(why) => Unmet::Failed(format!("{why} (again with {SEED}={seed})")),
        Unmet::Skipped(why) => Unmet::Skipped(why),
    })
}

fn under_faults(time: Duration, warm_up: u64, seed: u64) -> Result<(Figures, f64), Unmet> {
    let options = InspectorOptions::default().with_capacity(1_000).with_capacity_bytes(8 << 20);
    let inspector = Inspector::start(options).or_fail("the server did not start")?;
    let mut command = subprocess::command("soak", &[&inspector.url(), &warm_up.to_string()])?;
    if warm_up > 0 {
        command.envs(STEADY_HEAP);
    }
    let mut running = subprocess::Running::start(command)?;
    running.wait_for("begun", LONG)?;
    let (mut random, mut faults, begun) = (Rng::with_seed(seed), 0, Instant::now());
    while begun.elapsed() < time {
        inspector.inject(faults::random(&mut random));
        thread::sleep(Duration::from_millis(random.u64(20..300)));
        faults += inspector.faults().iter().map(|fault| fault.acted).sum::<u64>();
        // Those that nobody met would pile up until nothing else is left.
        inspector.clear_faults();
    }
    let ended = running.end(LONG)?.succeeded()?;
    let (captured, delivered) = (ended.number("captured")?, ended.number("delivered")?);
    ended.settled(captured)?;
    equal("tracked", &ended.number("tracked")?, &captured)?;
    // What was refused in one attempt may have been accepted in one whose answer never came.
    let arrived = inspector.totals().unique_events;
    ensure((delivered..=captured).contains(&arrived), || format!("{arrived} arrived, {delivered} were delivered"))?;
    let grown = |name: &str| {
        Ok::<_, Unmet>(ended.number(&format!("{name}_last"))?.saturating_sub(ended.number(&format!("{name}_first"))?))
    };
    let (memory, files, threads) = (grown("memory")?, grown("files")?, grown("threads")?);
    // A few connections and a thread for a name look-up come and go.
    ensure(files <= 8 && threads <= 4, || format!("{files} files and {threads} threads more"))?;
    ensure(memory <= 16 * 1_024, || format!("memory grew by {memory} KiB"))?;
    let mut figures = Figures::of("time", figures::time(time)).and("faults met", faults).and("events", captured);
    figures =
        figures.and("requests", ended.number("requests")?).and("delivered", delivered).and("dropped", ended.drops());
    let slope: f64 = ended.text("slope")?.parse().or_fail("the slope")?;
    figures = if warm_up > 0 {
        let before = figures::bytes(1_024 * ended.number("warmed")?);
        figures.and("growth before", before).and("slope of RSS", format!("{slope:.1} KiB/min"))
    } else {
        figures.and("memory more", figures::bytes(1_024 * memory))
    };
    Ok((figures.and("descriptors more", files).and("threads more", threads).and("seed", seed), slope))
}

/// What the process takes at one moment.
#[derive(Clone, Copy)]
struct Sample {
    at: Duration,
    memory: u64,
    files: usize,
    threads: u64,
}

impl Sample {
    fn take(begun: Instant) -> Result<Self, Unmet> {
        let threads = measure::status("self", "Threads")?;
        Ok(Self { at: begun.elapsed(), memory: measure::resident()?, files: measure::open_files(), threads })
    }
}

fn in_subprocess(arguments: &[String]) -> Result<(), Unmet> {
    let mut config = config(subprocess::argument(arguments, 0)?)?;
    config.delivery.flush_interval = Duration::from_millis(100);
    config.delivery.request_timeout = Duration::from_millis(500);
    config.delivery.queue_bytes = count(4 << 20);
    let analytics = spawn(config)?;
    let (text, mut tracked) = ("x".repeat(2_000), 0);
    let warm_up: u64 = subprocess::argument(arguments, 1)?.parse().or_fail("a number")?;
    let cold = measure::resident()?;
    while analytics.ledger().delivered() < warm_up {
        // Faster than they can be sent: the queue fills up, and batches are as large as they can be.
        for _ in 0..4_000 {
            track_some(&analytics, &mut tracked, &text);
        }
        let ledger = analytics.flush_blocking(LONG);
        ensure(ledger.is_settled(), || format!("before any fault: {ledger}"))?;
    }
    subprocess::tell("warmed", measure::resident()?.saturating_sub(cold));
    subprocess::tell("begun", "");
    let is_over = Arc::new(AtomicBool::new(false));
    let waiter = Arc::clone(&is_over);
    thread::spawn(move || {
        subprocess::wait_for_end_of_input();
        waiter.store(true, Ordering::SeqCst);
    });
    // Without a flush the back-off would spare the sink most of the faults: it cuts one down to its shortest.
    let (flushing, stop) = (analytics.clone(), Arc::clone(&is_over));
    let flusher = thread::spawn(move || {
        while !stop.load(Ordering::SeqCst) {
            // Settled or not, the next one follows soon.
            let _ledger = flushing.flush_blocking(Duration::from_millis(100));
            thread::sleep(Duration::from_millis(20));
        }
    });
    let begun = Instant::now();
    // Its memory is there before the first sample, so that the samples themselves do not show.
    let mut samples = vec![Sample::take(begun)?; 4_096];
    samples.clear();
    while !is_over.load(Ordering::SeqCst) {
        track_some(&analytics, &mut tracked, &text);
        if tracked % 2_000 == 0 {
            samples.push(Sample::take(begun)?);
        }
        thread::sleep(Duration::from_millis(10));
    }
    flusher.join().ok().or_fail("the flusher panicked")?;
    let ledger = analytics.shutdown_blocking(LONG / 2);
    subprocess::tell("tracked", tracked);
    subprocess::tell("requests", ledger.traffic().requests);
    tell_growth(&samples)?;
    subprocess::tell_ledger(&ledger);
    Ok(())
}

/// Ten events, one of them larger.
fn track_some(analytics: &Analytics, tracked: &mut u64, text: &str) {
    track(analytics, *tracked..*tracked + 9);
    analytics.track(Actor::session("s1"), DynamicEvent::new("larger").with("text", text));
    *tracked += 10;
}

/// Compares the second half of the samples with itself: the first half warms up.
fn tell_growth(samples: &[Sample]) -> Result<(), Unmet> {
    let half = samples.get(samples.len() / 2..).unwrap_or_default();
    let (first, last) = (half.first().or_fail("no sample")?, half.last().or_fail("no sample")?);
    for (name, first, last) in [
        ("memory", first.memory, last.memory),
        ("files", first.files as u64, last.files as u64),
        ("threads", first.threads, last.threads),
    ] {
        subprocess::tell(&format!("{name}_first"), first);
        subprocess::tell(&format!("{name}_last"), last);
    }
    subprocess::tell("slope", slope(&minima(half)));
    Ok(())
}

/// The least of each minute: what is there between two requests, without the buffers of those that were under way. What
/// is never freed stays in it.
fn minima(samples: &[Sample]) -> Vec<Sample> {
    let minutes = samples.chunk_by(|one, next| one.at.as_secs() / 60 == next.at.as_secs() / 60);
    minutes.filter_map(|minute| minute.iter().copied().min_by_key(|sample| sample.memory)).collect()
}

/// The line of least squares through the samples' memory, in KiB a minute.
#[expect(clippy::cast_precision_loss, reason = "KiB and counts are far below what a double carries")]
fn slope(samples: &[Sample]) -> f64 {
    let count = samples.len() as f64;
    let minutes = |sample: &Sample| sample.at.as_secs_f64() / 60.0;
    let mean = |value: fn(&Sample) -> f64| samples.iter().map(value).sum::<f64>() / count;
    let (time, memory) = (mean(minutes), mean(|sample| sample.memory as f64));
    let spread: f64 = samples.iter().map(|sample| (minutes(sample) - time).powi(2)).sum();
    let joint: f64 = samples.iter().map(|sample| (minutes(sample) - time) * (sample.memory as f64 - memory)).sum();
    if spread > 0.0 { joint / spread } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Samples of so many minutes, four each: `memory` by the number of the sample.
    fn samples(minutes: u64, memory: impl Fn(u64) -> u64) -> Vec<Sample> {
        let sample =
            |number: u64| Sample { at: Duration::from_secs(15 * number), memory: memory(number), files: 0, threads: 0 };
        (0..4 * minutes).map(sample).collect()
    }

    #[test]
    fn what_comes_and_goes_is_no_slope_and_what_stays_is() {
        let comes_and_goes = |number: u64| 10_000 + 500 * (number % 4) * (number % 3);
        let flat = slope(&minima(&samples(30, comes_and_goes)));
        assert!(flat.abs() < 0.01, "{flat}");
        let leaking = slope(&minima(&samples(30, |number| comes_and_goes(number) + number)));
        assert!((3.9..4.1).contains(&leaking), "4 KiB a minute: {leaking}");
        assert!(slope(&minima(&samples(1, comes_and_goes))).abs() < f64::EPSILON, "one minute has no slope");
    }
}
