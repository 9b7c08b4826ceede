//! A server with one outage.

use std::ops::Range;
use std::time::Duration;

use crate::answer::{Answer, Outcome};
use crate::engine::Dispatch;

/// The shortest time in which a server answers; the longest is twice that.
const LATENCY: Duration = Duration::from_millis(20);

/// A server.
pub(super) trait Serve {
    /// Its answer to a request that begins at `now`, and how long that takes. `chance` is drawn evenly from 0 to 1.
    fn answer(&mut self, now: Duration, dispatch: &Dispatch, chance: f64) -> (Answer, Duration);
}

/// A server that answers 503 from one moment to another, and takes everything before and after.
#[derive(Clone, Debug)]
pub(super) struct Server {
    /// When it is down.
    pub(super) down: Range<Duration>,
    /// When requests arrived, and whether they were taken.
    pub(super) arrivals: Vec<(Duration, bool)>,
    /// Events that it took.
    pub(super) accepted: u64,
}

impl Server {
    pub(super) fn down(down: Range<Duration>) -> Self {
        Self { down, arrivals: Vec::new(), accepted: 0 }
    }

    /// When the first request was taken after the outage.
    pub(super) fn came_back_at(&self) -> Option<Duration> {
        self.arrivals.iter().find(|(at, is_taken)| *is_taken && *at >= self.down.end).map(|(at, _)| *at)
    }
}

impl Serve for Server {
    fn answer(&mut self, now: Duration, dispatch: &Dispatch, chance: f64) -> (Answer, Duration) {
        let latency = LATENCY + LATENCY.mul_f64(chance);
        let is_down = self.down.contains(&now);
        self.arrivals.push((now, !is_down));
        if is_down {
            return (Answer::new(Outcome::Retry { after: None }).with_cause("status 503"), latency);
        }
        let events = dispatch.leased.slots.len();
        self.accepted += events as u64;
        (Answer::new(Outcome::Delivered).with_body_bytes(events), latency)
    }
}
