//! The connection.

use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::time;

use crate::report::{Check, Failure, Report};

/// Connects to the first address that lets it.
pub(super) async fn connect(addresses: &[SocketAddr], timeout: Duration, report: &mut Report) -> Option<TcpStream> {
    let deadline = Instant::now() + timeout;
    let mut last = "the name has no address".to_owned();
    for (index, address) in addresses.iter().enumerate() {
        let begun = Instant::now();
        // One that does not answer leaves time for those after it.
        let rest = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        let share = deadline.saturating_duration_since(begun) / rest;
        let why = match time::timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                let missed = if index == 0 { String::new() } else { format!(", the {index} before did not answer") };
                report.tell(Check::ok("tcp", format!("connected to {address}{missed}")).took(begun.elapsed()));
                return Some(stream);
            }
            Ok(Err(error)) => error.to_string(),
            Err(_) => "no answer in time".to_owned(),
        };
        last = format!("{address}: {why}");
    }
    let check = Check::ok("tcp", format!("no connection to {last}"));
    report.fail(Failure::Unreachable, check.with_fix("check the address and its port, and what firewalls let out"));
    None
}
