//! Odd events, into the test double and into the backend.

mod kept;
mod random;

use analytics_core::{Analytics, DropReason, EventId, Ledger};
use analytics_inspector::ReceivedEvent;
use analytics_testkit::{Recorded, RecordingSink};

use self::kept::Kept;
use self::random::OddEvent;
use super::delivered::{Delivered, PROTOCOLS};
use crate::figures::Figures;
use crate::harness::fixture::OrFail;
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::Unmet;

pub(super) const ROW: Row = Row {
    number: 101,
    fault: "a test double more lenient than production: odd events into the recording sink and into both protocols",
    must: "the recording sink refuses and leaves out what the stricter of them does, and nothing that arrives is lost by PostHog",
    proof: Proof::Inline(odd_events),
};

/// What is tracked before it is looked at.
const CHUNK: u64 = 100;

fn odd_events(tier: Tier) -> Outcome {
    let events = tier.pick(100, 10_000);
    let mut generator = fastrand::Rng::with_seed(SEED);
    let mut seen = Seen::default();
    let (sink, recorded) = RecordingSink::pair();
    let double = Analytics::new(sink);
    let [v0, v1] = PROTOCOLS.map(Delivered::start);
    let production = [v0?, v1?];
    let mut begun = 0;
    while begun < events {
        let odd: Vec<_> = (0..CHUNK).map(|_| OddEvent::random(&mut generator)).collect();
        let expected = recorded_of(&double, &recorded, &odd)?;
        let [v0, v1] = &production;
        let arrived = [arrived_of(v0, &odd, &mut seen)?, arrived_of(v1, &odd, &mut seen)?];
        let [v0, v1] = arrived;
        for (((odd, expected), v0), v1) in odd.iter().zip(expected).zip(v0).zip(v1) {
            seen.compare(odd, &expected, &v0, &v1);
        }
        begun += CHUNK;
    }
    let figures = Figures::of("events", events).and("seed", SEED).and("of them refused", seen.refused);
    let figures = figures.and("keys compared", seen.keys);
    let figures = figures.and_none_of("verdicts and keys that differ", &seen.differences)?;
    figures.and_none_of("delivered but lost by PostHog", &seen.lost)
}

const SEED: u64 = 101;

/// What became of an event.
type Fate = Result<Kept, DropReason>;

#[derive(Default)]
struct Seen {
    refused: usize,
    keys: usize,
    lost: Vec<String>,
    differences: Vec<String>,
}

impl Seen {
    /// What the double kept has to be what both protocols kept; where one of them refuses, it refuses.
    fn compare(&mut self, odd: &OddEvent, double: &Fate, v0: &Fate, v1: &Fate) {
        let stricter = match (v0, v1) {
            (Ok(v0), Ok(v1)) => Ok(v0.in_both(v1)),
            (Err(reason), _) | (_, Err(reason)) => Err(*reason),
        };
        self.refused += usize::from(stricter.is_err());
        self.keys += stricter.as_ref().map_or(0, Kept::len);
        if *double != stricter {
            self.differences.push(format!("{odd:?}: {double:?}, in production {stricter:?}"));
        }
    }
}

/// Tracks all, and tells of each its id and why it was dropped, if it was.
fn tracked(analytics: &Analytics, odd: &[OddEvent]) -> Vec<(EventId, Option<DropReason>)> {
    let lost_now = |before: &Ledger, after: &Ledger| {
        DropReason::ALL.iter().copied().find(|reason| after.dropped(*reason) > before.dropped(*reason))
    };
    let track = |odd: &OddEvent| {
        let before = analytics.ledger();
        let id = odd.track(analytics);
        (id, lost_now(&before, &analytics.ledger()))
    };
    odd.iter().map(track).collect()
}

fn recorded_of(double: &Analytics, recorded: &Recorded, odd: &[OddEvent]) -> Result<Vec<Fate>, Unmet> {
    let before = recorded.len();
    let tracked = tracked(double, odd);
    let records = recorded.records();
    let fate = |(id, lost): (EventId, Option<DropReason>)| {
        let record = || records.iter().skip(before).find(|record| record.id() == id);
        let kept = || Kept::of_record(record().or_fail("an event that was not lost was not recorded")?);
        lost.map_or_else(|| kept().map(Ok), |reason| Ok(Err(reason)))
    };
    tracked.into_iter().map(fate).collect()
}

fn arrived_of(delivered: &Delivered, odd: &[OddEvent], seen: &mut Seen) -> Result<Vec<Fate>, Unmet> {
    let mut ids = Vec::new();
    let (events, _) = delivered.of(|analytics| ids = tracked(analytics, odd))?;
    let why = |event: &ReceivedEvent| Some(format!("{}: {}", event.silently_dropped()?, event.json()));
    seen.lost.extend(events.iter().filter_map(why));
    let fate = |(id, lost): (EventId, Option<DropReason>)| {
        let event = || events.iter().find(|event| event.uuid == Some(id.to_string()));
        let kept = || Kept::of_event(event().or_fail("an event that was not lost did not arrive")?);
        lost.map_or_else(|| kept().map(Ok), |reason| Ok(Err(reason)))
    };
    ids.into_iter().map(fate).collect()
}
