//! The ids of events and of requests.

use std::collections::HashSet;
use std::time::SystemTime;

use analytics_core::{EventId, random};
use analytics_delivery::Batch;
use analytics_posthog_encoder::uuid_of;

/// Which events have an id that stands before them in the batch, and which follow those in their order; empty if none
/// has. v1 refuses a request with such a repeat as a whole. It is no mistake to make one: a caller who
/// gives an event an id of its own may capture it twice.
pub(super) fn repeats(batch: &Batch<'_>) -> Vec<bool> {
    let mut seen = HashSet::with_capacity(batch.len());
    let repeats: Vec<_> = batch.events().map(|event| !seen.insert(uuid_of(event.bytes()))).collect();
    if repeats.contains(&true) { batch.with_followers(repeats) } else { Vec::new() }
}

/// Names requests: by one random number a sink, and the batch's number.
#[derive(Debug)]
pub(super) struct RequestIds {
    /// The time, and the bits that make it a UUID of version 7.
    id: EventId,
    first: u64,
}

impl RequestIds {
    /// Asks the operating system, so that the sinks of forked processes do not agree.
    pub(super) fn new() -> Self {
        Self { id: EventId::at(SystemTime::now()), first: random::from_system() }
    }

    /// The id of every attempt at the batch `number`: a UUID.
    pub(super) fn of_batch(&self, number: u64) -> String {
        const VARIANT: u128 = 0b11 << 62;
        const LOW: u128 = !VARIANT & u64::MAX as u128;
        let id = u128::from_be_bytes(*self.id.as_bytes());
        let low = u128::from(self.first.wrapping_add(number)) & LOW;
        EventId::from_bytes(((id & !LOW) | low).to_be_bytes()).to_string()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_batch_has_a_uuid_of_its_own_and_every_sink_others() {
        let (ids, others) = (RequestIds::new(), RequestIds::new());
        let numbers = [0, 1, 2, 1_000, u64::MAX];
        let all: HashSet<_> =
            numbers.iter().flat_map(|number| [&ids, &others].map(|ids| ids.of_batch(*number))).collect();
        assert_eq!(all.len(), 2 * numbers.len());
        for id in all {
            let parsed: EventId = id.parse().unwrap();
            assert_eq!((parsed.as_bytes()[6] >> 4, parsed.as_bytes()[8] >> 6), (7, 0b10), "{id}");
        }
        assert_eq!(ids.of_batch(7), ids.of_batch(7));
    }
}
