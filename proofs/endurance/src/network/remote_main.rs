//! What runs in the process of a [`RemoteService`](super::remote::RemoteService).

#![allow(clippy::print_stdout, reason = "standard output is how it answers")]

use std::fmt::Write as _;
use std::io::stdin;
use std::num::NonZeroUsize;
use std::time::{Duration, Instant};

use analytics_core::Ledger;
use analytics_posthog::{Compression, PostHogConfig};

use crate::figures::on_one_line;
use crate::harness::measure::{forget_most_resident, most_resident};
use crate::service::{Service, config, noise};
use crate::unmet::Unmet;

/// The arguments are the server's URL and settings, `name=value`.
pub(super) fn main(arguments: &[String]) {
    tracing_subscriber::fmt().with_writer(std::io::stderr).with_ansi(false).init();
    match start(arguments) {
        Ok(service) => {
            println!("{}", state(&service, Duration::ZERO, Duration::ZERO));
            for line in stdin().lines().map_while(Result::ok) {
                if line == "end" {
                    return;
                }
                println!("{}", obey(&service, &line));
            }
        }
        Err(error) => println!("error={}", on_one_line(&format!("{error:?}"))),
    }
}

fn start(arguments: &[String]) -> Result<Service, Unmet> {
    let (url, settings) = arguments.split_first().ok_or_else(|| Unmet::Failed("no server".to_owned()))?;
    let mut config = config(url)?;
    config.options.allow_in_tests = true;
    settings
        .iter()
        .filter_map(|setting| setting.split_once('='))
        .for_each(|(name, value)| set(&mut config, name, value));
    Service::start(config)
}

fn set(config: &mut PostHogConfig, name: &str, value: &str) {
    let time = || Duration::from_millis(value.parse().unwrap_or_default());
    match name {
        "connect_ms" => config.options.connect_timeout = time(),
        "request_ms" => config.delivery.request_timeout = time(),
        "interval_ms" => config.delivery.flush_interval = time(),
        "in_flight" => config.delivery.in_flight = value.parse().unwrap_or(NonZeroUsize::MIN),
        "compression" => config.options.compression = Compression::None,
        _ => {}
    }
}

fn obey(service: &Service, line: &str) -> String {
    let mut words = line.split(' ');
    let command = words.next().unwrap_or_default();
    let mut number = || words.next().and_then(|word| word.parse().ok()).unwrap_or(0);
    let (begun, mut slowest) = (Instant::now(), Duration::ZERO);
    // What the ledger says is checked by whoever asks.
    let ledger: Result<Ledger, Unmet> = match command {
        "track" => {
            let (events, bytes) = (number(), usize::try_from(number()).unwrap_or_default());
            for _ in 0..events {
                let padding = noise(bytes);
                let before = Instant::now();
                service.track_with(&padding);
                slowest = slowest.max(before.elapsed());
            }
            service.ledger()
        }
        "flush" => service.flush(Duration::from_millis(number())),
        "shutdown" => service.shutdown(Duration::from_millis(number())),
        "forget_peak" => {
            forget_most_resident();
            service.ledger()
        }
        _ => service.ledger(),
    };
    match ledger {
        Ok(_) => state(service, begun.elapsed(), slowest),
        Err(error) => format!("error={}", on_one_line(&format!("{error:?}"))),
    }
}

fn state(service: &Service, took: Duration, slowest: Duration) -> String {
    let Ok(ledger) = service.ledger() else { return "error=the ledger does not balance".to_owned() };
    let mut line = format!(
        "captured={}\tdelivered={}\tpending={}\tlost={}\trequests={}\ttook_us={}\tslowest_us={}\tpeak_rss_kib={}\thealth={}",
        ledger.captured(),
        ledger.delivered(),
        ledger.pending(),
        ledger.lost(),
        ledger.traffic().requests,
        took.as_micros(),
        slowest.as_micros(),
        most_resident().unwrap_or_default(),
        on_one_line(&format!("{:?}", service.health())),
    );
    for (reason, count) in ledger.losses() {
        // Writing into a text does not fail.
        write!(line, "\t{reason}={count}").unwrap_or_default();
    }
    line
}
