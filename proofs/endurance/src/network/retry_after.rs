//! A server that asks to be left alone, in every way that it can be put.

use std::time::{Duration, SystemTime};

use analytics_inspector::{Fault, Inspector};

use crate::figures::{Figures, time};
use crate::row::{Outcome, Tier};
use crate::service::{LONG, Service, all_arrived, inspector_with};
use crate::unmet::{Unmet, ensure};

/// No server may silence a sink for longer.
const CAP: Duration = Duration::from_secs(300);

/// Every form of the header, and whether it asks for more than the cap.
const FORMS: [(&str, Asks); 12] = [
    ("0", Asks::Nothing),
    ("1", Asks::ASecond),
    ("31536000", Asks::TooMuch),
    ("18446744073709551615", Asks::TooMuch),
    ("99999999999999999999999999", Asks::TooMuch),
    ("Tue, 31 Dec 2199 23:59:59 GMT", Asks::TooMuch),
    ("Tue, 24 Nov 2020 12:00:00 GMT", Asks::Nothing),
    ("-1", Asks::Nothing),
    ("1.5", Asks::Nothing),
    ("soon", Asks::Nothing),
    ("0x10", Asks::Nothing),
    ("", Asks::Nothing),
];

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Asks {
    Nothing,
    ASecond,
    TooMuch,
}

/// 429 without a word about when to come back.
pub(super) fn silent(tier: Tier) -> Outcome {
    let times = tier.pick(3, 6);
    let inspector = inspector_with(Fault::status(429).times(times))?;
    let service = Service::at(&inspector)?;
    service.track_many(250);
    ensure(inspector.wait_for_requests(2, LONG), || "nobody came back".to_owned())?;
    let ledger = service.shutdown(LONG)?;
    all_arrived(&ledger, &inspector)?;
    let refused = inspector.totals().requests_refused;
    ensure(refused == times, || inspector.totals().to_string())?;
    Figures::of("events", ledger.captured()).and("answers 429", refused).and_none("lost", ledger.lost())
}

/// One service for each form, all at once: what asks for too much is waited for at full size only.
pub(super) fn forms(tier: Tier) -> Outcome {
    let mut services = Vec::new();
    for (form, asks) in FORMS {
        let inspector = inspector_with(Fault::status(429).with_header("Retry-After", form))?;
        let service = Service::at(&inspector)?;
        service.track_many(100);
        services.push((form, asks, inspector, service));
    }
    let (mut longest, mut capped) = (Duration::ZERO, 0);
    for (form, asks, inspector, service) in &services {
        if *asks == Asks::TooMuch && tier == Tier::Ci {
            continue;
        }
        let within = if *asks == Asks::TooMuch { CAP + LONG } else { LONG };
        ensure(inspector.wait_for_requests(2, within), || format!("after {form:?} nobody came back"))?;
        let silence = silence(inspector)?;
        let (least, most) = match asks {
            Asks::Nothing => (Duration::from_millis(500), Duration::from_secs(1)),
            Asks::ASecond => (Duration::from_secs(1), Duration::from_secs(1)),
            Asks::TooMuch => (CAP, CAP),
        };
        ensure((least..most + Duration::from_secs(2)).contains(&silence), || {
            format!("after {form:?} silence for {silence:?}, expected from {least:?} to {most:?}")
        })?;
        longest = longest.max(silence);
        capped += u64::from(*asks == Asks::TooMuch);
        all_arrived(&service.shutdown(LONG)?, inspector)?;
    }
    for (form, asks, inspector, service) in &services {
        if *asks != Asks::TooMuch || tier == Tier::Full {
            continue;
        }
        // The server is left alone, and nothing is lost but by the shutdown's grace.
        ensure(inspector.wait_for_requests(1, LONG), || format!("{form:?}: no request came"))?;
        let ledger = service.flush(Duration::from_millis(50))?;
        let is_kept = (ledger.pending(), ledger.lost()) == (100, 0);
        ensure(is_kept && inspector.totals().requests == 1, || format!("{form:?}: {ledger}"))?;
        service.shutdown(Duration::ZERO)?;
    }
    Ok(Figures::of("forms", FORMS.len())
        .and("waited to the cap", capped)
        .and("longest silence", time(longest))
        .and("cap", time(CAP)))
}

/// Between the first answer and the second request.
fn silence(inspector: &Inspector) -> Result<Duration, Unmet> {
    let requests = inspector.requests();
    let missing = || Unmet::Failed("a request is missing".to_owned());
    let [first, second, ..] = requests.as_slice() else { return Err(missing()) };
    let answered: SystemTime = first.answered_at.ok_or_else(missing)?;
    second.received_at.duration_since(answered).map_err(Unmet::failed)
}

/// "Come back at once", for ever. Without a hurry the back-off holds; with one, its floor.
pub(super) fn zero(tier: Tier) -> Outcome {
    let during = tier.pick(Duration::from_secs(3), Duration::from_secs(30));
    let inspector = inspector_with(Fault::status(429).with_header("Retry-After", "0").always())?;
    let service = Service::at(&inspector)?;
    service.track_many(100);
    ensure(inspector.wait_for_requests(1, LONG), || "no request came".to_owned())?;
    std::thread::sleep(Duration::from_secs(1));
    let first = inspector.totals().requests;
    std::thread::sleep(during);
    let later = inspector.totals().requests - first;
    ensure(later <= 2 * during.as_secs(), || format!("{later} requests in {during:?}"))?;
    let before = inspector.totals().requests;
    let ledger = service.flush(Duration::from_secs(2))?;
    let hurried = inspector.totals().requests - before;
    ensure((ledger.pending(), ledger.lost()) == (100, 0), || format!("{ledger}"))?;
    // A tenth of a second between two, and one that was under way.
    ensure(hurried <= 21, || format!("{hurried} requests in a flush of two seconds"))?;
    inspector.clear_faults();
    let ledger = service.shutdown(LONG)?;
    all_arrived(&ledger, &inspector)?;
    Figures::of("requests in the first second", first)
        .and("then", format!("{later} in {}", time(during)))
        .and("in a flush of 2 s", hurried)
        .and_none("lost", ledger.lost())
}
