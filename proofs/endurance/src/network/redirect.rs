//! A server that sends us elsewhere.

use std::time::Duration;

use analytics_inspector::{Fault, Inspector};

use crate::figures::Figures;
use crate::row::{Outcome, Tier};
use crate::service::{LONG, Service, all_arrived, inspector};
use crate::unmet::{Unmet, ensure};

/// The redirects that turn a request into a `GET`.
pub(super) fn that_loses_the_body(tier: Tier) -> Outcome {
    follows_none(&[301, 302, 303], tier.pick(1, 20))
}

/// The redirects that carry the request as it is.
pub(super) fn that_keeps_the_body(tier: Tier) -> Outcome {
    follows_none(&[307, 308], tier.pick(1, 20))
}

/// The other server is on another port, which is another host to HTTP, and it would take everything.
fn follows_none(statuses: &[u16], times: u64) -> Outcome {
    let (mut events, mut redirects, mut lost) = (0, 0, 0);
    let elsewhere = inspector()?;
    for status in statuses {
        let here = inspector()?;
        here.inject(Fault::redirect(*status, format!("{}/batch/", elsewhere.url())).times(times));
        let service = Service::at(&here)?;
        service.track_many(20);
        // Kept while it lasts: a moment's flush shows that nothing is counted as lost.
        let ledger = service.flush(Duration::from_millis(50))?;
        ensure(ledger.lost() == 0, || format!("{status}: {ledger}"))?;
        let ledger = service.shutdown(LONG)?;
        all_arrived(&ledger, &here)?;
        redirects += refused(&here, times)?;
        events += ledger.captured();
        lost += ledger.lost();
    }
    Figures::of("redirects", redirects)
        .and_none("requests at the other host", elsewhere.totals().requests)?
        .and("events", events)
        .and_none("lost", lost)
}

fn refused(here: &Inspector, times: u64) -> Result<u64, Unmet> {
    let refused = here.totals().requests_refused;
    ensure(refused == times, || format!("{refused} of {times} redirects were met"))?;
    Ok(refused)
}
