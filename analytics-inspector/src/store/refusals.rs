//! The order of refused requests among the accepted events.

use std::collections::VecDeque;

use super::requests::RequestRing;
use crate::received::ReceivedRequest;

/// How many are remembered: as many as there are requests.
const CAPACITY: usize = 10_000;

/// The newest refusals.
#[derive(Debug, Default)]
pub(super) struct RefusalRing {
    entries: VecDeque<Entry>,
    /// The place of the first of them in the order of all refusals.
    first: u64,
}

#[derive(Debug, Clone, Copy)]
struct Entry {
    /// How many events had been accepted before.
    event: u64,
    request: u64,
}

/// Where a reader of refusals begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum RefusalStart {
    /// With this refusal.
    At(u64),
    /// With the first that came when so many events had been accepted.
    Event(u64),
}

/// Refusals that a reader has not seen.
#[derive(Debug)]
pub(crate) struct NewRefusals {
    /// Each with the number of the event that it came before.
    pub(crate) requests: Vec<(u64, ReceivedRequest)>,
    /// Where to read on.
    pub(crate) next: u64,
    /// Whether nothing was read since there is nothing.
    pub(crate) is_at_end: bool,
}

impl RefusalRing {
    pub(super) fn push(&mut self, event: u64, request: u64) {
        self.entries.push_back(Entry { event, request });
        if self.entries.len() > CAPACITY {
            self.entries.pop_front();
            self.first += 1;
        }
    }

    /// How many there ever were.
    pub(super) fn end(&self) -> u64 {
        self.first + self.entries.len() as u64
    }

    /// The refusals that came before event number `up_to`, or with it as the next one, at most so many.
    pub(super) fn since(&self, from: RefusalStart, up_to: u64, at_most: usize, requests: &RequestRing) -> NewRefusals {
        let skipped = match from {
            // A reader that is ahead comes from another run.
            RefusalStart::At(place) => usize::try_from(place.min(self.end()).saturating_sub(self.first)).unwrap_or(0),
            RefusalStart::Event(event) => self.entries.partition_point(|entry| entry.event < event),
        };
        let fresh = self.entries.iter().skip(skipped).take(at_most).take_while(|entry| entry.event <= up_to);
        let fresh: Vec<Entry> = fresh.copied().collect();
        let next = self.first + (skipped + fresh.len()) as u64;
        let known = fresh.iter().filter_map(|entry| Some((entry.event, requests.get(entry.request)?.clone())));
        NewRefusals { requests: known.collect(), next, is_at_end: fresh.is_empty() }
    }

    pub(super) fn clear(&mut self) {
        *self = Self { entries: VecDeque::new(), first: self.end() };
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::protocol::arrival;

    /// A ring with this many refusals, one before each event, and their requests.
    fn refused(count: u64) -> (RefusalRing, RequestRing) {
        let (mut refusals, mut requests) = (RefusalRing::default(), RequestRing::new(0));
        for number in 1..=count {
            let mut request = arrival(&axum::http::Request::new(()).into_parts().0);
            request.number = number;
            requests.push(request);
            refusals.push(number - 1, number);
        }
        (refusals, requests)
    }

    fn numbers(new: &NewRefusals) -> Vec<u64> {
        new.requests.iter().map(|(_, request)| request.number).collect()
    }

    #[test]
    fn they_are_read_in_parts_and_none_before_the_events_that_came_before_it() {
        let (refusals, requests) = refused(5);
        let first = refusals.since(RefusalStart::Event(1), 9, 2, &requests);
        assert_eq!((numbers(&first), first.next, first.is_at_end), (vec![2, 3], 3, false));
        let second = refusals.since(RefusalStart::At(first.next), 3, 9, &requests);
        assert_eq!((numbers(&second), second.next), (vec![4], 4));
        let third = refusals.since(RefusalStart::At(99), 9, 9, &requests);
        assert_eq!((numbers(&third), third.next, third.is_at_end), (vec![], 5, true));
    }

    #[test]
    fn memory_is_bounded_and_who_comes_late_reads_what_is_left() {
        let (refusals, requests) = refused(CAPACITY as u64 + 7);
        assert_eq!((refusals.entries.len(), refusals.first), (CAPACITY, 7));
        let late = refusals.since(RefusalStart::At(0), u64::MAX, 1, &requests);
        assert_eq!((numbers(&late), late.next), (vec![8], 8));
    }
}
