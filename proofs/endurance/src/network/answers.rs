//! Answers that are slow, endless or larger than they look.

use std::io::{self, Write};
use std::net::TcpStream;
use std::thread;
use std::time::{Duration, Instant};

use analytics_inspector::Fault;
use flate2::write::GzEncoder;

use super::remote::{RemoteService, command};
use crate::figures::{Figures, bytes, time};
use crate::proxy::{Proxy, Tamper};
use crate::row::{Outcome, Tier};
use crate::server::{Server, Then};
use crate::service::{LONG, Service, all_arrived, config, inspector, inspector_with, wait_until};
use crate::unmet::{Unmet, ensure};

const HEAD: &str = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n";

/// One byte a second: of the head, after which nobody knows what the answer is, and of the body alone.
pub(super) fn trickled(tier: Tier) -> Outcome {
    let (pause, timeout) = tier.pick((100, 400), (1_000, 5_000));
    let (pause, timeout) = (Duration::from_millis(pause), Duration::from_millis(timeout));
    let slack = tier.pick(Duration::from_secs(2), Duration::from_millis(50));
    let (head, lost) = {
        let inspector = inspector()?;
        let proxy = Proxy::start(inspector.addr(), [Tamper::TrickleAnswer(pause)])?;
        let mut config = config(&proxy.url())?;
        config.delivery.request_timeout = timeout;
        let service = Service::start(config)?;
        service.track_many(100);
        ensure(wait_until(LONG, || !proxy.lifetimes().is_empty()), || "the attempt has no end".to_owned())?;
        let ledger = service.shutdown(LONG)?;
        all_arrived(&ledger, &inspector)?;
        ensure(proxy.acted() == 1, || "the answer was not slow".to_owned())?;
        (proxy.lifetimes().first().copied().unwrap_or_default(), ledger.lost())
    };
    let (body, lost_too) = {
        let server = Server::start(move |_, stream| {
            write!(stream, "{HEAD}Content-Length: 1000\r\n\r\n")?;
            for _ in 0..1_000 {
                thread::sleep(pause);
                stream.write_all(b" ")?;
            }
            Ok(Then::Close)
        })?;
        let mut config = config(&server.url())?;
        config.delivery.request_timeout = timeout;
        let service = Service::start(config)?;
        let begun = Instant::now();
        service.track_many(100);
        ensure(wait_until(LONG, || !service.attempts().is_empty()), || "the attempt has no end".to_owned())?;
        let attempt = begun.elapsed();
        // The head said 200.
        (attempt, service.shutdown(LONG)?.lost())
    };
    for attempt in [head, body] {
        ensure(attempt <= timeout + slack, || format!("an attempt took {attempt:?}, its timeout is {timeout:?}"))?;
    }
    Figures::of("timeout", time(timeout))
        .and("attempt with a slow head", time(head))
        .and("attempt with a slow body", time(body))
        .and_none("lost", lost + lost_too)
}

/// Bodies without end. The service runs in a process of its own, whose memory is measured.
pub(super) fn endless(tier: Tier) -> Outcome {
    let answers = tier.pick(10, 200);
    let inspector = inspector()?;
    let (growth, lost) =
        peak_growth(&inspector.url(), answers, || inspector.inject(Fault::endless_body().times(answers)))?;
    let acted: u64 = inspector.faults().iter().map(|report| report.acted).sum();
    ensure(acted == answers, || format!("{acted} of {answers} answers had no end"))?;
    ensure(growth <= 1_024, || format!("the memory grew by {growth} KiB"))?;
    Ok(Figures::of("answers", acted).and_none("lost", lost)?.and("peak RSS growth", bytes(growth << 10)))
}

/// A body of 10 MB that would inflate to 10 GB.
pub(super) fn bomb(tier: Tier) -> Outcome {
    let (answers, bomb) = (tier.pick(3, 20), gzip_bomb()?);
    let size = bomb.len();
    let server = Server::start(move |request, stream| {
        let is_first = request.windows(11).any(|window| window == b"\"number\":0,");
        if is_first { answer(stream, "", b"{}") } else { answer(stream, "Content-Encoding: gzip\r\n", &bomb) }
    })?;
    let (growth, lost) = peak_growth(&server.url(), answers, || ())?;
    ensure(growth <= 1_024, || format!("the memory grew by {growth} KiB"))?;
    Ok(Figures::of("bombs", answers)
        .and("each on the wire", bytes(size))
        .and_none("lost", lost)?
        .and("peak RSS growth", bytes(growth << 10)))
}

fn answer(stream: &mut TcpStream, headers: &str, body: &[u8]) -> io::Result<Then> {
    write!(stream, "{HEAD}{headers}Content-Length: {}\r\n\r\n", body.len())?;
    stream.write_all(body)?;
    Ok(Then::Next)
}

/// 1,000 gzip members of 10 MB of zeros each; a reader of gzip takes them as one stream.
fn gzip_bomb() -> Result<Vec<u8>, Unmet> {
    let mut encoder = GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(&vec![0; 10_000_000])?;
    Ok(encoder.finish()?.repeat(1_000))
}

/// By how many KiB the memory of a service has peaked above what it was after one delivery, in as many deliveries; and
/// how many events were not delivered.
fn peak_growth(url: &str, answers: u64, arm: impl FnOnce()) -> Result<(u64, u64), Unmet> {
    let mut service = RemoteService::started(command()?, url, &["compression=none"])?;
    service.track(1, 100)?;
    service.flush(LONG)?;
    let before = service.ask("forget_peak")?.number("peak_rss_kib");
    if before == 0 {
        return Err(Unmet::Skipped("needs /proc, which tells what memory a process takes".to_owned()));
    }
    arm();
    let mut after = before;
    for _ in 0..answers {
        service.track(1, 100)?;
        let reply = service.flush(LONG)?;
        ensure(reply.number("pending") == 0, || format!("{reply:?}"))?;
        after = after.max(reply.number("peak_rss_kib"));
    }
    let reply = service.shutdown(LONG)?;
    Ok((after.saturating_sub(before), service.undelivered(&reply)))
}

/// A login page with a 200. The inspector counts its events as accepted, so only the ledger tells.
pub(super) fn portal(tier: Tier) -> Outcome {
    let times = tier.pick(3, 50);
    let page = Fault::status(200).with_header("Content-Type", "text/html").with_body("<html>Sign in</html>");
    let inspector = inspector_with(page.times(times))?;
    let service = Service::at(&inspector)?;
    for _ in 0..times {
        service.track_many(10);
        service.flush(LONG)?;
    }
    // An answer in PostHog's words.
    service.track_many(10);
    let ledger = service.shutdown(LONG)?;
    let suspect = ledger.traffic().suspect;
    ensure(suspect == times, || format!("{suspect} of {times}: {ledger}"))?;
    Ok(Figures::of("login pages", times).and("suspect", suspect))
}
