//! Many clients of one server that do not come back together.

use std::collections::HashMap;
use std::num::NonZeroUsize;
use std::ops::Range;
use std::sync::Arc;

use super::*;
use crate::observe::ObserverQueue;
use crate::shared::Shared;

/// The fullest slot holds at most so many times as many requests as the mean one.
const MOST: f64 = 3.0;
const CLIENTS: u64 = 1_000;
const SLOT: Duration = Duration::from_millis(100);
/// The server goes down after a minute, for five.
const DOWN: Range<Duration> = Duration::from_secs(60)..Duration::from_secs(360);

/// A client with a seed of its own.
fn client(seed: u64, down: Range<Duration>, first_tick: Duration) -> Simulation<Bytes, Server> {
    // A thousand queues of the default size would only cost address space, and time to reserve it.
    let queue_bytes = NonZeroUsize::new(4 << 20).unwrap();
    let engine = Engine::new(DeliveryConfig { queue_bytes, ..DeliveryConfig::default() }, Repeats::Divisible);
    Simulation::new(
        Arc::new(Shared::new(engine, ObserverQueue::default())),
        Bytes,
        Server::down(down),
        seed,
        first_tick,
    )
}

fn interval() -> Duration {
    DeliveryConfig::default().flush_interval
}

/// A moment of the interval, drawn evenly.
fn within_the_interval(seed: u64) -> Duration {
    interval().mul_f64(fastrand::Rng::with_seed(seed).f64())
}

/// The fullest slot of 100 ms within `span`, divided by the mean slot.
fn peak_to_mean(arrivals: impl IntoIterator<Item = Duration>, span: Range<Duration>) -> f64 {
    let slots = span.end.saturating_sub(span.start).div_duration_f64(SLOT).ceil();
    let mut counts = HashMap::<u128, u32>::new();
    for at in arrivals.into_iter().filter(|at| span.contains(at)) {
        *counts.entry(at.saturating_sub(span.start).as_millis() / SLOT.as_millis()).or_default() += 1;
    }
    let (peak, all) = (counts.values().max().copied().unwrap_or(0), counts.values().sum::<u32>());
    f64::from(peak) / (f64::from(all) / slots)
}

/// Requests after an outage, of clients that capture so many events a second up to its beginning, one more, and so
/// many from then on. The span is from the server's return until the last client has had its first success; whatever
/// arrives in it counts: probes, and what follows them at full width.
fn outage(clients: u64, before: u32, from_then_on: u32) -> (f64, Range<Duration>) {
    let (mut arrivals, mut last) = (Vec::new(), DOWN.end);
    for seed in 0..clients {
        // They were started at some time, so their ticks come at any moment of the interval.
        let mut client = client(seed, DOWN, within_the_interval(seed));
        client.flow(before);
        client.run_until(DOWN.start);
        client.flow(from_then_on);
        client.burst(1);
        client.run_until(DOWN.end + Duration::from_secs(31));
        last = last.max(client.server.came_back_at().expect("every client comes back"));
        arrivals.extend(client.server.arrivals.iter().map(|(at, _)| *at));
    }
    let span = DOWN.end..last + Duration::from_nanos(1);
    (peak_to_mean(arrivals, span.clone()), span)
}

#[test]
fn a_thousand_clients_come_back_from_an_outage_at_moments_of_their_own() {
    let (flowing, span) = outage(CLIENTS, 1, 1);
    let seconds = span.end.saturating_sub(span.start).as_secs_f64();
    println!("figure: peak slot ÷ mean slot {flowing:.2}, over {seconds:.1} s");
    assert!(flowing <= MOST, "{flowing}");
}

/// Clients that capture nothing any more send one request each, about three in a slot: then the fullest slot tells more
/// of chance than of the back-off. Four herds in one show the back-off.
#[test]
fn clients_that_only_have_their_backlog_come_back_at_moments_of_their_own() {
    let ((few, span), (many, _)) = (outage(CLIENTS, 1, 0), outage(4 * CLIENTS, 1, 0));
    let mut chance = fastrand::Rng::with_seed(1);
    let (start, length) = (span.start, span.end.saturating_sub(span.start));
    let even = peak_to_mean((0..CLIENTS).map(|_| start + length.mul_f64(chance.f64())), span);
    println!("figure: of clients with a backlog only {few:.2}, of moments drawn evenly {even:.2}");
    println!("figure: of 4,000 such clients {many:.2}");
    assert!(many <= MOST, "{many}");
}

/// Requests of clients that all start now and capture a few events, in the first interval.
fn restart(first_tick: impl Fn(u64) -> Duration, events: u64) -> f64 {
    let arrivals = (0..CLIENTS).flat_map(|seed| {
        let mut client = client(seed, Duration::ZERO..Duration::ZERO, first_tick(seed));
        client.burst(events);
        client.run_until(interval());
        client.run_until(interval() + Duration::from_nanos(1));
        client.server.arrivals
    });
    peak_to_mean(arrivals.map(|(at, _)| at), Duration::ZERO..interval() + Duration::from_nanos(1))
}

#[test]
fn a_first_tick_at_a_drawn_moment_spreads_a_thousand_restarts() {
    let drawn = restart(within_the_interval, 10);
    println!("figure: peak slot ÷ mean slot {drawn:.2}");
    println!("figure: without a drawn first tick {:.2}", restart(|_| interval(), 10));
    println!(
        "figure: if a hundred events are there at once, which are sent at once, {:.2}",
        restart(within_the_interval, 100)
    );
    assert!(drawn <= MOST, "{drawn}");
}
