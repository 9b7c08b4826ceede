//! Which attempt at a batch a request is.

use std::collections::{HashMap, VecDeque};

use crate::received::ReceivedRequest;

/// For how many requests, and for how many batches, this is remembered.
const CAPACITY: usize = 10_000;

/// Where the first uuid of a batch is looked for.
const SEARCHED_BYTES: usize = 8 * 1024;

/// What a request says about its attempt.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Attempt {
    /// A number, as the v1 protocol has it.
    Told(u32),
    /// Nothing, but its first event has this uuid; one that came before makes it another attempt.
    FirstUuid(Box<[u8]>),
    Unknown,
}

impl Attempt {
    pub(crate) fn of(request: &ReceivedRequest) -> Self {
        if let Some(told) = request.header("posthog-attempt").and_then(|text| text.trim().parse().ok()) {
            return Self::Told(told);
        }
        match request.body().and_then(first_uuid) {
            Some(uuid) => Self::FirstUuid(uuid.into()),
            None => Self::Unknown,
        }
    }
}

fn first_uuid(body: &[u8]) -> Option<&[u8]> {
    let body = body.get(..SEARCHED_BYTES).unwrap_or(body);
    let key = br#""uuid""#;
    let at = body.windows(key.len()).position(|window| window == key)?;
    let rest = body.get(at + key.len()..)?.trim_ascii_start().strip_prefix(b":")?;
    let rest = rest.trim_ascii_start().strip_prefix(b"\"")?;
    let end = rest.iter().take(40).position(|byte| *byte == b'"')?;
    rest.get(..end).filter(|uuid| !uuid.is_empty())
}

/// The attempts of the latest requests.
#[derive(Debug, Default)]
pub(super) struct Attempts {
    counts: HashMap<Box<[u8]>, u32>,
    oldest_first: VecDeque<Box<[u8]>>,
    /// The attempts of the latest requests; 0 is an unknown one.
    of_requests: VecDeque<u32>,
    latest: u64,
}

impl Attempts {
    /// Notes the next request.
    pub(super) fn record_request(&mut self, number: u64, attempt: Attempt) {
        let attempt = match attempt {
            Attempt::Told(attempt) => attempt,
            Attempt::FirstUuid(uuid) => self.count(uuid),
            Attempt::Unknown => 0,
        };
        self.latest = number;
        self.of_requests.push_back(attempt);
        if self.of_requests.len() > CAPACITY {
            self.of_requests.pop_front();
        }
    }

    /// The attempt that a request is, from 1; 0 if that is unknown or forgotten.
    pub(super) fn of(&self, number: u64) -> u32 {
        let back = self.latest.checked_sub(number).and_then(|back| usize::try_from(back).ok());
        let index = back.and_then(|back| self.of_requests.len().checked_sub(back + 1));
        index.and_then(|index| self.of_requests.get(index)).copied().unwrap_or(0)
    }

    fn count(&mut self, uuid: Box<[u8]>) -> u32 {
        if let Some(count) = self.counts.get_mut(&uuid) {
            *count += 1;
            return *count;
        }
        self.counts.insert(uuid.clone(), 1);
        self.oldest_first.push_back(uuid);
        if self.oldest_first.len() > CAPACITY
            && let Some(oldest) = self.oldest_first.pop_front()
        {
            self.counts.remove(&oldest);
        }
        1
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_uuid_is_found_as_it_is_spelled() {
        for (body, expected) in [
            (r#"{"batch":[{"uuid":"a-1"},{"uuid":"b"}]}"#, Some("a-1")),
            ("{\"uuid\" :\n \"A\"}", Some("A")),
            (r#"{"uuid":""}"#, None),
            (r#"{"uuid":7}"#, None),
            (r#"{"uuid""#, None),
            ("", None),
        ] {
            assert_eq!(first_uuid(body.as_bytes()), expected.map(str::as_bytes), "{body}");
        }
    }

    #[test]
    fn a_batch_that_comes_again_is_another_attempt_and_a_number_told_is_believed() {
        let mut attempts = Attempts::default();
        let batch = |text: &str| Attempt::FirstUuid(text.as_bytes().into());
        let arrivals = [batch("a"), batch("b"), batch("a"), Attempt::Told(7), Attempt::Unknown, batch("a")];
        for (number, attempt) in (1..).zip(arrivals) {
            attempts.record_request(number, attempt);
        }
        assert_eq!([1, 2, 3, 4, 5, 6, 7, 0].map(|number| attempts.of(number)), [1, 1, 2, 7, 0, 3, 0, 0]);
    }

    #[test]
    fn memory_is_bounded() {
        let mut attempts = Attempts::default();
        for number in 1..=25_000_u64 {
            attempts.record_request(number, Attempt::FirstUuid(number.to_le_bytes().into()));
        }
        assert_eq!((attempts.counts.len(), attempts.oldest_first.len()), (CAPACITY, CAPACITY));
        assert_eq!((attempts.of(25_000), attempts.of(15_001), attempts.of(15_000)), (1, 1, 0));
    }
}
