//! What became of every event.

mod captured;
mod drop_reason;
mod drops;
mod lane;
mod receipt;
mod settlement;

use std::fmt;
use std::ops::AddAssign;

pub use self::captured::Captured;
pub use self::drop_reason::DropReason;
pub use self::drops::Drops;
pub use self::lane::LaneLedger;
pub use self::receipt::{Acknowledged, Receipt};
pub use self::settlement::Settlement;
use crate::lane::Lane;

/// What became of every event that a sink was given, at one moment.
///
/// `captured = delivered + dropped + pending` holds by construction, for the whole and in each [lane](Self::lane): what
/// was captured is not stored but the sum of the others, and a sink reads them under one lock.
#[derive(Clone, Copy, Default, PartialEq, Eq)]
pub struct Ledger {
    lanes: [LaneLedger; Lane::ALL.len()],
    properties_dropped: u64,
    traffic: Traffic,
}

/// What a sink sent to deliver its events.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[cfg_attr(feature = "serde", derive(serde::Serialize))]
#[non_exhaustive]
pub struct Traffic {
    /// Requests, those that failed included. One that is made anew at once, because the connection that it went over
    /// had just been closed or its key had just been replaced, counts once.
    pub requests: u64,
    /// Bytes of the events in these requests, uncompressed.
    pub event_bytes: u64,
    /// Bytes of the requests' bodies as they were sent.
    pub body_bytes: u64,
    /// Answers that said success and may not have been the server's own: a portal's page, say.
    pub suspect: u64,
}

impl Ledger {
    /// An empty ledger.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// What became of the events of `lane`.
    #[must_use]
    pub fn lane(&self, lane: Lane) -> LaneLedger {
        self.lanes.get(lane.index()).copied().unwrap_or_default()
    }

    fn lane_mut(&mut self, lane: Lane) -> &mut LaneLedger {
        let Some(ledger) = self.lanes.get_mut(lane.index()) else { unreachable!("every lane has its place") };
        ledger
    }

    fn sum(&self, count: impl Fn(&LaneLedger) -> u64) -> u64 {
        self.lanes.iter().map(count).sum()
    }

    /// Events that the sink was given.
    #[must_use]
    pub fn captured(&self) -> u64 {
        self.sum(LaneLedger::captured)
    }

    /// Events that arrived: for a server, those in a request that it answered with a 2xx.
    #[must_use]
    pub fn delivered(&self) -> u64 {
        self.sum(LaneLedger::delivered)
    }

    /// Events that are neither delivered nor dropped yet.
    #[must_use]
    pub fn pending(&self) -> u64 {
        self.sum(LaneLedger::pending)
    }

    /// Events dropped for `reason`.
    #[must_use]
    pub fn dropped(&self, reason: DropReason) -> u64 {
        self.sum(|lane| lane.dropped(reason))
    }

    /// Events dropped for any reason.
    #[must_use]
    pub fn dropped_total(&self) -> u64 {
        self.sum(LaneLedger::dropped_total)
    }

    /// Events dropped that nobody meant to drop. Alert on it.
    #[must_use]
    pub fn lost(&self) -> u64 {
        self.losses().map(|(_, count)| count).sum()
    }

    /// The reasons for which events were lost, with their numbers; none that is zero.
    pub fn losses(&self) -> impl Iterator<Item = (DropReason, u64)> {
        DropReason::ALL
            .iter()
            .map(|reason| (*reason, self.dropped(*reason)))
            .filter(|(reason, count)| *count > 0 && !reason.is_intended())
    }

    /// Properties left out of events that were kept: numbers that JSON cannot carry, and what a backend does not take.
    #[must_use]
    pub fn properties_dropped(&self) -> u64 {
        self.properties_dropped
    }

    /// What was sent.
    #[must_use]
    pub fn traffic(&self) -> Traffic {
        self.traffic
    }

    /// Whether nothing is pending.
    #[must_use]
    pub fn is_settled(&self) -> bool {
        self.pending() == 0
    }

    /// Whether this ledger accounts for exactly `captured` events, a number that the caller counted itself.
    ///
    /// A ledger cannot be out of balance within itself; what can be wrong is that an event never came into it.
    #[must_use]
    pub fn accounts_for(&self, captured: u64) -> bool {
        self.captured() == captured
    }

    /// Counts one event of the ordinary lane under what became of it. An event that is not settled is not counted here.
    pub fn add(&mut self, settlement: Settlement) {
        self.add_in(Lane::Product, settlement);
    }

    /// Counts one event of `lane` under what became of it. An event that is not settled is not counted here.
    pub fn add_in(&mut self, lane: Lane, settlement: Settlement) {
        self.lane_mut(lane).add(settlement);
    }

    /// Counts events of the ordinary lane that arrived.
    pub fn add_delivered(&mut self, events: u64) {
        self.lane_mut(Lane::Product).add_delivered(events);
    }

    /// Counts dropped events of the ordinary lane.
    pub fn add_dropped(&mut self, reason: DropReason, events: u64) {
        self.add_dropped_in(Lane::Product, reason, events);
    }

    /// Counts dropped events of `lane`.
    pub fn add_dropped_in(&mut self, lane: Lane, reason: DropReason, events: u64) {
        self.lane_mut(lane).add_dropped(reason, events);
    }

    /// Counts properties that were left out.
    pub fn add_properties_dropped(&mut self, properties: u64) {
        self.properties_dropped += properties;
    }

    /// Counts a request.
    pub fn add_request(&mut self) {
        self.traffic.requests += 1;
    }

    /// Counts what a request sent: its events' bytes and its body's.
    pub fn add_sent(&mut self, event_bytes: u64, body_bytes: u64) {
        self.traffic.event_bytes += event_bytes;
        self.traffic.body_bytes += body_bytes;
    }

    /// Counts a success that may not have been the server's own.
    pub fn add_suspect(&mut self) {
        self.traffic.suspect += 1;
    }

    /// This ledger with `pending` events of the ordinary lane: a number counted by whoever holds them.
    #[must_use]
    pub fn with_pending(self, pending: u64) -> Self {
        self.with_pending_in(Lane::Product, pending)
    }

    /// This ledger with `pending` events of `lane`: a number counted by whoever holds them.
    #[must_use]
    pub fn with_pending_in(mut self, lane: Lane, pending: u64) -> Self {
        self.lane_mut(lane).set_pending(pending);
        self
    }
}

/// The sum of two sinks' ledgers.
impl AddAssign for Ledger {
    fn add_assign(&mut self, other: Self) {
        self.properties_dropped += other.properties_dropped;
        self.traffic.requests += other.traffic.requests;
        self.traffic.event_bytes += other.traffic.event_bytes;
        self.traffic.body_bytes += other.traffic.body_bytes;
        self.traffic.suspect += other.traffic.suspect;
        for (lane, more) in self.lanes.iter_mut().zip(other.lanes) {
            *lane += more;
        }
    }
}

/// One line: `12,041 captured · 12,041 delivered · 0 lost · 13 requests · 4.9 MB → 1.4 MB`. If there were events in
/// another lane than the ordinary one, it ends in what of this was theirs: ` · of these in the lane ai: 41 captured, 41
/// delivered, 0 lost`.
impl fmt::Display for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(
            f,
            "{} captured · {} delivered · {} lost",
            Grouped(self.captured()),
            Grouped(self.delivered()),
            Grouped(self.lost())
        )?;
        let mut losses = self.losses().peekable();
        if losses.peek().is_some() {
            let losses: Vec<_> = losses.map(|(reason, count)| format!("{} {reason}", Grouped(count))).collect();
            write!(f, " ({})", losses.join(", "))?;
        }
        for reason in DropReason::ALL.iter().filter(|reason| reason.is_intended() && self.dropped(**reason) > 0) {
            write!(f, " · {} {reason}", Grouped(self.dropped(*reason)))?;
        }
        if self.pending() > 0 {
            write!(f, " · {} pending", Grouped(self.pending()))?;
        }
        if self.properties_dropped > 0 {
            write!(f, " · {} properties left out", Grouped(self.properties_dropped))?;
        }
        let Traffic { requests, event_bytes, body_bytes, suspect } = self.traffic;
        if requests > 0 {
            let plural = if requests == 1 { "" } else { "s" };
            write!(f, " · {} request{plural} · {} → {}", Grouped(requests), Bytes(event_bytes), Bytes(body_bytes))?;
        }
        if suspect > 0 {
            let plural = if suspect == 1 { "" } else { "s" };
            write!(f, " · {} suspect answer{plural}", Grouped(suspect))?;
        }
        let others = Lane::ALL.iter().filter(|lane| **lane != Lane::Product);
        others.map(|lane| (lane, self.lane(*lane))).filter(|(_, ledger)| ledger.captured() > 0).try_for_each(
            |(lane, ledger)| {
                let [captured, delivered, lost] = [ledger.captured(), ledger.delivered(), ledger.lost()].map(Grouped);
                write!(f, " · of these in the lane {lane}: {captured} captured, {delivered} delivered, {lost} lost")?;
                if ledger.pending() > 0 { write!(f, ", {} pending", Grouped(ledger.pending())) } else { Ok(()) }
            },
        )
    }
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Ledger({self})")
    }
}

/// A number with commas between its thousands.
struct Grouped(u64);

impl fmt::Display for Grouped {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let digits = self.0.to_string();
        for (place, digit) in digits.chars().enumerate() {
            if place > 0 && (digits.len() - place).is_multiple_of(3) {
                f.write_str(",")?;
            }
            write!(f, "{digit}")?;
        }
        Ok(())
    }
}

/// A number of bytes in decimal units.
struct Bytes(u64);

impl fmt::Display for Bytes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let tenths = |unit: u64| (self.0.saturating_add(unit / 20)) / (unit / 10);
        let (number, unit) = match self.0 {
            0..1_000 => return write!(f, "{} B", self.0),
            1_000..1_000_000 => (tenths(1_000), "kB"),
            1_000_000..1_000_000_000 => (tenths(1_000_000), "MB"),
            _ => (tenths(1_000_000_000), "GB"),
        };
        write!(f, "{}.{} {unit}", Grouped(number / 10), number % 10)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_ledger_is_one_line() {
        let mut ledger = Ledger::new();
        assert_eq!(ledger.to_string(), "0 captured · 0 delivered · 0 lost");
        assert_eq!(format!("{ledger:?}"), "Ledger(0 captured · 0 delivered · 0 lost)");
        assert_eq!(
            [1, 123, 1_234, 123_456].map(|number| Grouped(number).to_string()),
            ["1", "123", "1,234", "123,456"]
        );
        ledger.add_delivered(12_041);
        ledger.add_request();
        ledger.add_sent(4_912_345, 999);
        assert_eq!(ledger.to_string(), "12,041 captured · 12,041 delivered · 0 lost · 1 request · 4.9 MB → 999 B");
        ledger.add_dropped(DropReason::QueueFull, 1_000);
        ledger.add_dropped(DropReason::Sampled, 3);
        ledger.add_properties_dropped(1);
        let ledger = ledger.with_pending(2);
        assert_eq!(
            ledger.to_string(),
            "13,046 captured · 12,041 delivered · 1,000 lost (1,000 queue_full) · 3 sampled · 2 pending \
             · 1 properties left out · 1 request · 4.9 MB → 999 B"
        );
        assert_eq!(ledger.properties_dropped(), 1);
        assert!(!ledger.is_settled() && ledger.with_pending(0).is_settled());
        assert!(ledger.accounts_for(13_046) && !ledger.accounts_for(13_045));
    }

    #[test]
    fn bytes_are_rounded_to_a_tenth() {
        for (bytes, text) in
            [(999, "999 B"), (1_000, "1.0 kB"), (1_449, "1.4 kB"), (1_450, "1.5 kB"), (2_000_000_000, "2.0 GB")]
        {
            assert_eq!(Bytes(bytes).to_string(), text);
        }
    }

    #[test]
    fn the_sum_of_two_ledgers_has_all_of_both() {
        let mut one = Ledger::new();
        one.add_delivered(1);
        one.add_dropped(DropReason::Closed, 2);
        one.add_request();
        one.add_sent(3, 4);
        one.add_properties_dropped(7);
        one.add_suspect();
        let two = one.with_pending(5);
        let mut sum = one;
        sum += two;
        assert_eq!((sum.delivered(), sum.pending(), sum.dropped(DropReason::Closed)), (2, 5, 4));
        assert_eq!(sum.captured(), one.captured() + two.captured());
        assert_eq!(sum.properties_dropped(), 14);
        assert_eq!(sum.traffic(), Traffic { requests: 2, event_bytes: 6, body_bytes: 8, suspect: 2 });
        assert!(sum.to_string().ends_with("2 requests · 6 B → 8 B · 2 suspect answers"), "{sum}");
    }
}
