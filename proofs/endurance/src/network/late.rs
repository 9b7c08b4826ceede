//! A server that stores what it is sent, and answers late.

use std::collections::HashMap;
use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::Duration;

use analytics_posthog::Compression;

use crate::figures::{Figures, time};
use crate::row::{Outcome, Tier};
use crate::server::{Server, Then};
use crate::service::{LONG, Service, config, noise};
use crate::unmet::{Unmet, ensure};

const ANSWER: &[u8] = b"HTTP/1.1 200 OK\r\nContent-Length: 15\r\n\r\n{\"status\":\"Ok\"}";

/// Delays between one and four time-outs, of batches that are small on the wire, of large ones, and of a large event
/// alone.
pub(super) fn answers(tier: Tier) -> Outcome {
    let timeout = tier.pick(Duration::from_millis(400), Duration::from_secs(1));
    let percents = tier.pick(vec![150, 390], vec![105, 150, 200, 250, 300, 350, 400]);
    let (mut most, mut runs, mut lost) = (0, 0, 0);
    for percent in percents {
        for (events, bytes) in [(10, 0), (tier.pick(60, 400), 2_000), (1, 300_000)] {
            let delay = timeout * percent / 100;
            let (copies, lost_then) = copies(timeout, delay, events, bytes)?;
            ensure(copies <= 4, || format!("{copies} copies of an event, {events} of {bytes} bytes, {percent} %"))?;
            most = most.max(copies);
            lost += lost_then;
            runs += 1;
        }
    }
    Figures::of("time-out", time(timeout)).and("runs", runs).and("most copies of an event", most).and_none("lost", lost)
}

/// How many copies of an event the server stores at most, and how many events were lost. Once it is fast again, so is
/// the service.
fn copies(timeout: Duration, delay: Duration, events: u64, bytes: usize) -> Result<(usize, u64), Unmet> {
    let millis = Arc::new(AtomicU64::new(u64::try_from(delay.as_millis()).unwrap_or(u64::MAX)));
    let of_server = Arc::clone(&millis);
    let server = Server::start(move |_, stream| {
        thread::sleep(Duration::from_millis(of_server.load(Ordering::SeqCst)));
        stream.write_all(ANSWER)?;
        Ok(Then::Next)
    })?;
    let mut config = config(&server.url())?;
    config.options.compression = Compression::None;
    config.delivery.request_timeout = timeout;
    let service = Service::start(config)?;
    let padding = noise(bytes);
    (0..events).for_each(|_| service.track_with(&padding));
    let ledger = service.flush(5 * LONG)?;
    ensure(ledger.delivered() == events, || format!("{delay:?}: {ledger}"))?;
    let mut copies = HashMap::new();
    for request in server.received() {
        for uuid in String::from_utf8_lossy(&request).split("\"uuid\":\"").skip(1).filter_map(|rest| rest.get(..36)) {
            *copies.entry(uuid.to_owned()).or_insert(0) += 1;
        }
    }
    ensure(copies.len() as u64 == events, || format!("{} events arrived", copies.len()))?;
    millis.store(0, Ordering::SeqCst);
    service.track_many(100);
    let ledger = service.shutdown(LONG)?;
    Ok((copies.into_values().max().unwrap_or(0), ledger.lost()))
}
