//! What nobody but somebody on the way says: statuses that are about the way, and words of HTTP out of place.

use std::io::{self, Write};
use std::net::TcpStream;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};

use analytics_posthog::{Protocol, SuspectAnswers};

use crate::figures::{Figures, time};
use crate::row::{Outcome, Tier};
use crate::server::{Server, Then};
use crate::service::{LONG, Service, config, wait_until};
use crate::unmet::{Unmet, ensure};

/// A success in the words of both protocols.
const OK: &str = r#"{"status":1,"results":{}}"#;

/// About the way, not about the events: those that the row names, and others of their kind.
const STATUSES: [u16; 14] = [406, 409, 410, 418, 421, 423, 424, 425, 444, 451, 460, 463, 494, 499];

pub(super) fn statuses(tier: Tier) -> Outcome {
    let (events, mut lost) = (tier.pick(20, 1_000), 0);
    for status in STATUSES {
        for protocol in [Protocol::V0, Protocol::V1] {
            let (_, lost_then) = once(protocol, events, None, &format!("{status}"), move |stream| {
                write!(stream, "HTTP/1.1 {status} Somebody\r\nContent-Length: 0\r\n\r\n")?;
                Ok(Then::Next)
            })?;
            lost += lost_then;
        }
    }
    let timeout = tier.pick(Duration::from_millis(500), Duration::from_secs(5));
    let (mut longest, lost_then) = once(Protocol::V0, events, Some(timeout), "101", |stream| {
        stream.write_all(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n")?;
        Ok(Then::Close)
    })?;
    lost += lost_then;
    for informational in ["100 Continue", "102 Processing", "103 Early Hints\r\nLink: </a>; rel=preload"] {
        let (endless, lost_then) = once(Protocol::V0, events, Some(timeout), informational, move |stream| {
            loop {
                write!(stream, "HTTP/1.1 {informational}\r\n\r\n")?;
            }
        })?;
        longest = longest.max(endless);
        lost += lost_then;
    }
    Ok(Figures::of("statuses", STATUSES.len())
        .and("events of each", events)
        .and_none("lost", lost)?
        .and("time-out", time(timeout))
        .and("longest attempt at a 1xx without end", time(longest)))
}

/// The first answer is strange, the others are PostHog's; all events arrive. Returns how long the first attempt took,
/// and how many events were lost.
fn once(
    protocol: Protocol,
    events: u64,
    timeout: Option<Duration>,
    what: &str,
    strange: impl Fn(&mut TcpStream) -> io::Result<Then> + Send + Sync + 'static,
) -> Result<(Duration, u64), Unmet> {
    let asked = AtomicUsize::new(0);
    let server = Server::start(move |_, stream| {
        if asked.fetch_add(1, Ordering::SeqCst) == 0 {
            return strange(stream);
        }
        write!(stream, "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n{OK}", OK.len())?;
        Ok(Then::Next)
    })?;
    let mut config = config(&server.url())?;
    config.options.protocol = protocol;
    config.options.suspect_answers = SuspectAnswers::Accept;
    if let Some(timeout) = timeout {
        config.delivery.request_timeout = timeout;
    }
    let service = Service::start(config)?;
    let begun = Instant::now();
    service.track_many(events);
    let flushed = service.flush(Duration::ZERO)?;
    ensure(flushed.captured() == events, || flushed.to_string())?;
    ensure(wait_until(LONG, || !service.attempts().is_empty()), || format!("{what}: the attempt has no end"))?;
    let first = begun.elapsed();
    let ledger = service.shutdown(LONG)?;
    ensure(server.received().len() >= 2, || format!("{what}: nothing was sent again"))?;
    Ok((first, ledger.lost()))
}
