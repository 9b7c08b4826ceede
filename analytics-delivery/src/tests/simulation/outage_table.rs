//! What an outage costs with the default settings and events of 350 bytes, in the unluckiest of 8 runs.

use crate::observe::ObserverQueue;
use std::path::Path;
use std::sync::Arc;

use analytics_core::DropReason;

use super::*;
use crate::shared::Shared;

const MINUTE: Duration = Duration::from_secs(60);
const RUNS: u64 = 8;
const HEADER: [&str; 2] = [
    "| events a second | outage | events in that time | lost at most | first loss after |",
    "|---:|---:|---:|---:|---:|",
];

/// What one outage costs.
struct Outage {
    events_a_second: u32,
    minutes: u32,
    lost: u64,
    first_loss_after: Option<Duration>,
}

impl Outage {
    /// The server works for a minute, is down for `minutes`, and works again; events come evenly until a minute after.
    fn simulated(events_a_second: u32, minutes: u32, seed: u64) -> Self {
        let down = MINUTE..MINUTE * (1 + minutes);
        let shared =
            Arc::new(Shared::new(Engine::new(DeliveryConfig::default(), Repeats::Divisible), ObserverQueue::default()));
        let first_tick = DeliveryConfig::default().flush_interval;
        let mut simulation = Simulation::new(shared, Bytes, Server::down(down.clone()), seed, first_tick);
        simulation.flow(events_a_second);
        simulation.run_until(down.end + MINUTE);
        simulation.flow(0);
        simulation.settle_until(down.end + 2 * MINUTE);

        let ledger = simulation.shared.engine().ledger();
        assert_eq!(simulation.captured, u64::from(events_a_second * 60 * (minutes + 2)));
        assert!(ledger.is_settled() && ledger.accounts_for(simulation.captured), "{ledger}");
        assert_eq!(ledger.delivered(), simulation.server.accepted, "what counts as delivered has arrived");
        let lost = ledger.dropped(DropReason::QueueFull) + ledger.dropped(DropReason::Expired);
        assert_eq!((ledger.delivered() + lost, ledger.lost()), (simulation.captured, lost));
        assert_eq!(simulation.first_loss.is_some(), lost > 0);
        let first_loss_after = simulation.first_loss.map(|at| at.saturating_sub(down.start));
        Self { events_a_second, minutes, lost, first_loss_after }
    }

    /// The one that lost most: by chance the last back-off ends soon or late after the server's return.
    fn unluckiest(events_a_second: u32, minutes: u32) -> Self {
        let runs = (0..RUNS).map(|seed| Self::simulated(events_a_second, minutes, seed));
        runs.max_by_key(|run| run.lost).unwrap()
    }

    fn first(&self) -> String {
        self.first_loss_after.map_or("–".to_owned(), |time| {
            let seconds = time.as_secs();
            format!("{} min {} s", seconds / 60, seconds % 60)
        })
    }

    /// The row of the table.
    fn row(&self) -> String {
        let [rate, lost] = [self.events_a_second.into(), self.lost].map(grouped);
        let meanwhile = grouped(u64::from(self.events_a_second * 60 * self.minutes));
        format!("| {rate} | {} min | {meanwhile} | {lost} | {} |", self.minutes, self.first())
    }
}

/// `3,600,000`
fn grouped(number: u64) -> String {
    let digits = number.to_string();
    let from_behind = |index: usize| digits.len() - index;
    digits.char_indices().fold(String::new(), |mut text, (index, digit)| {
        if index > 0 && from_behind(index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
        text
    })
}

#[test]
fn the_readme_says_what_an_outage_costs() {
    let outages = [10, 100, 1_000].into_iter().flat_map(|rate| [1, 20, 60].map(|minutes| (rate, minutes)));
    let outages: Vec<_> = outages.map(|(rate, minutes)| Outage::unluckiest(rate, minutes)).collect();
    for outage in &outages {
        let [rate, lost] = [outage.events_a_second.into(), outage.lost].map(grouped);
        print!("figure: {rate} events a second, {} min: {lost} lost at most", outage.minutes);
        println!(
            "{}",
            outage.first_loss_after.map_or(String::new(), |_| format!(", the first after {}", outage.first()))
        );
    }
    let table = HEADER.into_iter().map(str::to_owned).chain(outages.iter().map(Outage::row));
    let table = table.collect::<Vec<_>>().join("\n");
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("../README.md");
    let Ok(readme) = std::fs::read_to_string(&path) else {
        assert!(std::env::var_os("CI").is_none(), "{} is not there", path.display());
        println!("skipped: README.md stands in the repository, not in this crate");
        return;
    };
    assert!(readme.contains(&format!("\n{table}\n")), "README.md has to say:\n{table}");
}
