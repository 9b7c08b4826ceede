//! What one call costs its caller, while the client delivers to a server that is well.

use std::error::Error;
use std::time::{Duration, Instant};

use analytics_inspector::{Inspector, InspectorOptions};

use crate::clients::{self, Client};
use crate::message::Message;
use crate::poison::Poison;

const ROUNDS: u32 = 40;

/// Calls between two flushes, which are not timed: fewer than either queue holds.
const CALLS: u32 = 5_000;

/// Measures both clients and prints a line for each.
pub fn measure() -> Result<(), Box<dyn Error>> {
    let inspector = Inspector::start(InspectorOptions::default().with_capacity(1))?;
    let url = inspector.url();
    for (name, client) in [("ours", clients::ours(&url)?), ("posthog-rs", clients::posthog_rs(&url, None)?)] {
        let message = Message::numbered(1, Poison::ByLot);
        let mut rounds: Vec<Duration> = (0..ROUNDS).map(|_| round(&*client, &message)).collect();
        rounds.sort_unstable();
        let median = rounds.get(rounds.len() / 2).copied().unwrap_or_default() / CALLS;
        let allocations = allocation_counter::measure(|| client.capture(&message)).count_total;
        client.shutdown();
        println!("{name}: {} ns a call, {allocations} allocations", median.as_nanos());
    }
    Ok(())
}

/// The time of one round's calls.
fn round(client: &dyn Client, message: &Message) -> Duration {
    let begun = Instant::now();
    for _ in 0..CALLS {
        client.capture(message);
    }
    let took = begun.elapsed();
    client.flush();
    took
}
