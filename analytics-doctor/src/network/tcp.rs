//! The connection.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::time::{Duration, Instant};

use tokio::net::TcpStream;
use tokio::time;

use crate::report::{Check, Failure, Report};

/// Connects to the first address that lets it.
pub(super) async fn connect(addresses: &[SocketAddr], timeout: Duration, report: &mut Report) -> Option<TcpStream> {
    let deadline = Instant::now() + timeout;
    let mut last = ("the name has no address".to_owned(), FILTERED);
    for (index, address) in addresses.iter().enumerate() {
        let begun = Instant::now();
        // One that does not answer leaves time for those after it.
        let rest = u32::try_from(addresses.len() - index).unwrap_or(u32::MAX);
        let share = deadline.saturating_duration_since(begun) / rest;
        let (why, fix) = match time::timeout(share, TcpStream::connect(address)).await {
            Ok(Ok(stream)) => {
                let missed = if index == 0 { String::new() } else { format!(", the {index} before did not answer") };
                report.tell(Check::ok("tcp", format!("connected to {address}{missed}")).took(begun.elapsed()));
                return Some(stream);
            }
            Ok(Err(error)) if error.kind() == ErrorKind::ConnectionRefused => (error.to_string(), refused(*address)),
            Ok(Err(error)) => (error.to_string(), FILTERED),
            Err(_) => ("no answer in time".to_owned(), FILTERED),
        };
        last = (format!("{address}: {why}"), fix);
    }
    let (why, fix) = last;
    report.fail(Failure::Unreachable, Check::ok("tcp", format!("no connection to {why}")).with_fix(fix));
    None
}

const FILTERED: &str = "check the address and its port, and what firewalls let out";

/// The machine is there, and says that nothing listens.
fn refused(address: SocketAddr) -> &'static str {
    if address.ip().is_loopback() {
        "nothing listens there: start the server, for the backend `inspector` the program analytics-inspector, or check \
         the port"
    } else {
        "nothing listens there: check the address and its port"
    }
}
