//! Keys with which an event would overwrite what is not its own.

use analytics_core::{Actor, DynamicEvent};
use fastrand::Rng;

use super::pairs::Pairs;
use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, inspector, settled, sink};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 72,
    fault: "properties named as the event's identity, the key or PostHog's own fields; one key several times",
    must: "nothing of the backend's is overwritten, and no key stands twice",
    proof: Proof::Inline(reserved),
};

/// The fields with which PostHog learns who, what project and what kind of update it is.
const RESERVED: [&str; 15] = [
    "$anon_distinct_id",
    "$distinct_id",
    "$group_0",
    "$group_key",
    "$group_set",
    "$group_type",
    "$groups",
    "$lib",
    "$lib_version",
    "$set",
    "$set_once",
    "$unset",
    "api_key",
    "distinct_id",
    "token",
];
/// May be the service's own, but once.
const OTHERS: [&str; 10] = [
    "uuid",
    "event",
    "timestamp",
    "properties",
    "$ip",
    "$geoip_disable",
    "$is_server",
    "$process_person_profile",
    "$current_url",
    "plan",
];
const STOLEN: &str = "stolen";

fn reserved(tier: Tier) -> Outcome {
    let events = tier.pick(2_000, 100_000);
    let seed = fastrand::u64(..);
    let mut random = Rng::with_seed(seed);
    let inspector = inspector()?;
    let analytics = sink(&inspector.url())?;
    let (mut looked_at, mut left_out, mut checks) = (0, 0, Checks::default());
    while looked_at < events {
        for _ in 0..1_000 {
            left_out += one(&analytics, &mut random);
        }
        let ledger = analytics.flush_blocking(LONG);
        ensure(ledger.is_settled() && ledger.lost() == 0, || format!("seed {seed}: {ledger}"))?;
        for event in inspector.events() {
            checks
                .look(event.json())
                .map_err(|why| Unmet::Failed(format!("seed {seed}: {why:?}: {}", event.json())))?;
            looked_at += 1;
        }
        let keys: Vec<_> = inspector.requests().iter().filter_map(|request| request.api_key.clone()).collect();
        ensure(!keys.is_empty(), || "no request had a key".to_owned())?;
        checks.overwritten.extend(keys.into_iter().filter(|key| key != "phc_test"));
        inspector.reset();
    }
    let ledger = analytics.shutdown_blocking(LONG);
    settled(&ledger, looked_at)?;
    let figures = Figures::of("events", looked_at).and("seed", seed).and("reserved keys tried", left_out);
    let figures = figures.and_none_of("overwritten", &checks.overwritten)?;
    figures.and_none_of("events with a key twice", &checks.repeated)
}

/// One event with several keys of the lists; returns how many were reserved.
fn one(analytics: &analytics_core::Analytics, random: &mut Rng) -> u64 {
    let mut keys: Vec<_> = (0..random.usize(1..6))
        .filter_map(|_| if random.bool() { random.choice(RESERVED) } else { random.choice(OTHERS) })
        .collect();
    let tried = keys.iter().filter(|key| RESERVED.contains(key)).count() as u64;
    let scoped = match random.bool().then(|| keys.pop()).flatten() {
        Some(key) => analytics.with(key, STOLEN),
        None => analytics.clone(),
    };
    let mut event = DynamicEvent::new("grabbing").with("plan", "own");
    if let Some(key) = keys.pop() {
        event = event.with(key, STOLEN);
    }
    let builder = scoped.event(Actor::user("u1"), event);
    keys.iter().fold(builder, |builder, key| builder.property(key, STOLEN)).track();
    tried
}

/// What is not as it must be.
#[derive(Default)]
struct Checks {
    overwritten: Vec<String>,
    repeated: Vec<String>,
}

impl Checks {
    fn look(&mut self, json: &str) -> Result<(), Unmet> {
        let event = Pairs::parse(json).or_fail("the event is no object")?;
        let properties = event.all("properties").first().copied().or_fail("no properties")?;
        let properties = Pairs::parse(properties).or_fail("the properties are no object")?;
        if event.repeats() || properties.repeats() {
            self.repeated.push(json.to_owned());
        }
        let is_own = event.all("distinct_id") == ["\"u1\""]
            && event.all("event") == ["\"grabbing\""]
            && properties.all("$lib") == ["\"analytics-posthog\""];
        let is_stolen = |key: &&str| properties.all(key).iter().any(|value| value.contains(STOLEN));
        if !is_own || RESERVED.iter().any(is_stolen) {
            self.overwritten.push(json.to_owned());
        }
        Ok(())
    }
}
