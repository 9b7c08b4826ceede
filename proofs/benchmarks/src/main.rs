//! Our client and PostHog's own, side by side.
//!
//! `cargo run --release -- ours` or `-- posthog-rs` plays the fault script to one of them and prints what arrived;
//! `--batch N` gives the other client its better settings and batches of N events, `--by-lot` scatters the poison.
//! `-- calls` tells what one call costs the caller.

mod calls;
mod clients;
mod load;
mod message;
mod poison;
mod report;
mod script;

use std::error::Error;
use std::time::Instant;

use analytics_inspector::{Inspector, InspectorOptions};

use self::clients::Client;
use self::poison::Poison;
use self::report::Report;

const USAGE: &str = "one of: ours [--by-lot] | posthog-rs [--batch N] [--by-lot] | calls";

fn main() -> Result<(), Box<dyn Error>> {
    let args: Vec<String> = std::env::args().skip(1).collect();
    let mut args: Vec<&str> = args.iter().map(String::as_str).collect();
    let poison = match args.pop_if(|last| *last == "--by-lot") {
        Some(_) => Poison::ByLot,
        None => Poison::EveryHundredth,
    };
    match args[..] {
        ["ours"] => play("ours", poison, clients::ours),
        ["posthog-rs"] => play("posthog-rs, as it comes", poison, |url| clients::posthog_rs(url, None)),
        ["posthog-rs", "--batch", size] => {
            let size = size.parse()?;
            play(&format!("posthog-rs, batches of {size}"), poison, |url| clients::posthog_rs(url, Some(size)))
        }
        ["calls"] => calls::measure(),
        _ => Err(USAGE.into()),
    }
}

/// Plays the fault script to a client, from its first event until it has shut down.
fn play(
    name: &str,
    poison: Poison,
    start: impl FnOnce(&str) -> Result<Box<dyn Client>, Box<dyn Error>>,
) -> Result<(), Box<dyn Error>> {
    let inspector = Inspector::start(InspectorOptions::default())?;
    script::arm(&inspector);
    let client = start(&inspector.url())?;
    let begun = Instant::now();
    std::thread::scope(|scope| {
        scope.spawn(|| script::play(&inspector, begun));
        load::send(&*client, poison, begun);
        client.shutdown();
    });
    let report = Report::of(&inspector, begun.elapsed())?;
    println!("{name}: {report}");
    Ok(())
}
