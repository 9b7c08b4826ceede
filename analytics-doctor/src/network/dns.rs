//! The name's addresses.

use std::net::{IpAddr, SocketAddr};
use std::time::{Duration, Instant};

use tokio::net::lookup_host;
use tokio::time;

use super::Server;
use crate::report::{Check, Failure, Report};

/// As many addresses as a line shows.
const SHOWN: usize = 3;

pub(super) async fn look_up(server: &Server, timeout: Duration, report: &mut Report) -> Option<Vec<SocketAddr>> {
    let name = &server.name;
    if let Ok(address) = name.parse::<IpAddr>() {
        report.tell(Check::ok("dns", format!("{name} is an address")));
        return Some(vec![SocketAddr::new(address, server.port)]);
    }
    let begun = Instant::now();
    let found = time::timeout(timeout, lookup_host((name.as_str(), server.port))).await;
    let took = begun.elapsed();
    let why = match found {
        Ok(Ok(addresses)) => {
            let addresses: Vec<_> = addresses.collect();
            report.tell(Check::ok("dns", format!("{name} → {}", told(&addresses))).took(took));
            return Some(addresses);
        }
        Ok(Err(error)) => error.to_string(),
        Err(_) => "the resolver does not answer".to_owned(),
    };
    let check = Check::ok("dns", format!("{name} has no address: {why}")).took(took);
    report.fail(Failure::Unreachable, check.with_fix("check POSTHOG_HOST, and this machine's resolver"));
    None
}

fn told(addresses: &[SocketAddr]) -> String {
    let plural = if addresses.len() == 1 { "address" } else { "addresses" };
    let shown: Vec<_> = addresses.iter().take(SHOWN).map(|address| address.ip().to_string()).collect();
    let rest = if addresses.len() > SHOWN { ", …" } else { "" };
    format!("{} {plural} ({}{rest})", addresses.len(), shown.join(", "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn many_addresses_are_counted_and_few_shown() {
        let addresses = ["10.0.0.1:1", "10.0.0.2:1", "[::1]:1", "10.0.0.4:1"].map(|text| text.parse().unwrap());
        assert_eq!(told(&addresses), "4 addresses (10.0.0.1, 10.0.0.2, ::1, …)");
        assert_eq!(told(&addresses[..1]), "1 address (10.0.0.1)");
    }
}
