//! The whole log of an outage.

use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use super::driver::VirtualClock;
use super::*;
use crate::log::tests::logged;

const MINUTE: Duration = Duration::from_secs(60);

impl FormatTime for VirtualClock {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        write!(writer, "{self}")
    }
}

#[test]
fn twenty_minutes_of_outage_are_told_in_at_most_twenty_five_lines() {
    let down = MINUTE..21 * MINUTE;
    let (source, shared) = Records::new(DeliveryConfig::default());
    let first_tick = DeliveryConfig::default().flush_interval;
    let mut simulation = Simulation::new(shared, source, Server::down(down.clone()), 1, first_tick);
    let log = logged(simulation.clock.clone(), || {
        simulation.flow(100);
        simulation.run_until(down.end + 2 * MINUTE);
    });
    println!("figure: lines of log in an outage of 20 minutes {}", log.lines().count());
    assert!(log.lines().count() <= 25, "{log}");
    assert!(simulation.shared.engine().ledger().accounts_for(simulation.captured));
    insta::assert_snapshot!(log);
}
