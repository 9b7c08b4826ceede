//! The whole log of an outage.

use std::io;
use std::sync::{Arc, Mutex};

use tracing::Dispatch;
use tracing::subscriber::NoSubscriber;
use tracing_subscriber::fmt::format::Writer;
use tracing_subscriber::fmt::time::FormatTime;

use super::driver::VirtualClock;
use super::*;

const MINUTE: Duration = Duration::from_secs(60);

impl FormatTime for VirtualClock {
    fn format_time(&self, writer: &mut Writer<'_>) -> std::fmt::Result {
        write!(writer, "{self}")
    }
}

/// Keeps what is written.
#[derive(Clone, Debug, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl io::Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

/// Runs `scenario` and returns what it logged at whatever level.
fn logged(clock: &VirtualClock, scenario: impl FnOnce()) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .with_max_level(tracing::Level::TRACE)
        .with_timer(clock.clone())
        .with_ansi(false)
        .with_target(false)
        .with_writer(move || writer.clone())
        .finish();
    let dispatch = Dispatch::new(subscriber);
    // With one subscriber only, whichever thread comes by first decides for all threads whether a line matters.
    let _second = Dispatch::new(NoSubscriber::default());
    tracing::callsite::rebuild_interest_cache();
    tracing::dispatcher::with_default(&dispatch, scenario);
    let text = lines.0.lock().unwrap().clone();
    String::from_utf8(text).unwrap()
}

#[test]
fn twenty_minutes_of_outage_are_told_in_at_most_twenty_five_lines() {
    let down = MINUTE..21 * MINUTE;
    let (source, shared) = Records::new(DeliveryConfig::default());
    let first_tick = DeliveryConfig::default().flush_interval;
    let mut simulation = Simulation::new(shared, source, Server::down(down.clone()), 1, first_tick);
    let log = logged(&simulation.clock.clone(), || {
        simulation.flow(100);
        simulation.run_until(down.end + 2 * MINUTE);
    });
    println!("figure: row 3: lines of log in an outage of 20 minutes {}", log.lines().count());
    assert!(log.lines().count() <= 25, "{log}");
    assert!(simulation.shared.engine().ledger().accounts_for(simulation.captured));
    insta::assert_snapshot!(log);
}
