//! Moments that calendars find hard.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use analytics_core::Actor;

use crate::figures::Figures;
use crate::harness::fixture::{LONG, Numbered, OrFail, equal, inspector, settled, sink};
use crate::row::{Outcome, Proof, Row, Tier};

pub(super) const ROW: Row = Row {
    number: 79,
    fault: "leap seconds and days, changes to summer time, the years 0, 1969, 2038 and 10000",
    must: "RFC 3339 in UTC, always; beyond its years the first or the last second that has a name",
    proof: Proof::Inline(times),
};

/// Seconds since 1970 and the text.
const MOMENTS: [(i64, &str); 16] = [
    (0, "1970-01-01T00:00:00.000Z"),
    (-1, "1969-12-31T23:59:59.000Z"),
    // Around the leap second at the end of 2016, which no clock of Unix counts.
    (1_483_228_799, "2016-12-31T23:59:59.000Z"),
    (1_483_228_800, "2017-01-01T00:00:00.000Z"),
    // The hour that Berlin skipped in 2026, and the one that it had twice.
    (1_774_746_000, "2026-03-29T01:00:00.000Z"),
    (1_792_890_000, "2026-10-25T01:00:00.000Z"),
    // The last second of 32 bits, and the next one.
    (2_147_483_647, "2038-01-19T03:14:07.000Z"),
    (2_147_483_648, "2038-01-19T03:14:08.000Z"),
    (4_294_967_296, "2106-02-07T06:28:16.000Z"),
    (951_782_400, "2000-02-29T00:00:00.000Z"),
    (4_107_542_400, "2100-03-01T00:00:00.000Z"),
    (253_402_300_799, "9999-12-31T23:59:59.000Z"),
    (253_402_300_800, "9999-12-31T23:59:59.000Z"),
    (9_000_000_000_000, "9999-12-31T23:59:59.000Z"),
    (-62_167_219_200, "0000-01-01T00:00:00.000Z"),
    (-70_000_000_000, "0000-01-01T00:00:00.000Z"),
];

fn times(_tier: Tier) -> Outcome {
    let inspector = inspector()?;
    let analytics = sink(&inspector.url())?;
    for (n, (seconds, _)) in (0..).zip(MOMENTS) {
        let at = moment(seconds).or_fail("a moment")?;
        analytics.event(Actor::user("u1"), Numbered { n }).at(at).track();
    }
    let count = MOMENTS.len() as u64;
    let ledger = analytics.shutdown_blocking(LONG);
    settled(&ledger, count)?;
    let events = inspector.events();
    let read: Vec<_> = events.iter().map(|event| event.timestamp.as_deref().unwrap_or_default()).collect();
    equal("times that arrived", &read.len(), &MOMENTS.len())?;
    let wrong: Vec<_> = read.iter().zip(MOMENTS).filter(|(read, (_, text))| **read != *text).collect();
    let totals = inspector.totals();
    let figures = Figures::of("moments", read.len()).and_none_of("wrong", &wrong)?;
    figures.and_none("refused by the server", totals.requests_refused + totals.silently_dropped)
}

fn moment(seconds: i64) -> Option<SystemTime> {
    let distance = Duration::from_secs(seconds.unsigned_abs());
    if seconds < 0 { UNIX_EPOCH.checked_sub(distance) } else { UNIX_EPOCH.checked_add(distance) }
}
