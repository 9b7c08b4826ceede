//! An event's id: a UUID of version 7, made without a system call.

use std::fmt;
use std::str::FromStr;
use std::time::{SystemTime, UNIX_EPOCH};

use crate::random;

/// An event's id: a UUID of version 7 ([RFC 9562](https://www.rfc-editor.org/rfc/rfc9562#section-5.7)),
/// whose time is the event's.
///
/// It stays the same over all attempts to deliver an event, so that a server can tell a repeat.
///
/// 74 bits of it are random: among a million events of one millisecond two agree with a probability of 3 in 10¹¹. That
/// holds over processes, the children of a `fork` included, each of which makes a handle of its own. Two machines that
/// were restored from one snapshot make the same id only for events that both track in one nanosecond, each as the n-th
/// of its thread, which is one in a million where the millisecond is the same; after 1,024 ids of a thread not even
/// then.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct EventId([u8; 16]);

impl EventId {
    /// A new id for an event that happens now, for a caller that wants to know the id before the event is tracked:
    /// `analytics.event(actor, event).id(id)`.
    #[must_use]
    #[expect(clippy::new_without_default, reason = "each is another, which is no default")]
    pub fn new() -> Self {
        Self::at(SystemTime::now())
    }

    /// A new id for an event at `at`. A time before 1970 counts as 1970.
    #[must_use]
    pub fn at(at: SystemTime) -> Self {
        Self::made(at, SystemTime::now(), 0)
    }

    /// A new id for an event at `at`. Copies of this process draw the same random numbers for a while; what tells them
    /// apart is the `nonce` of whoever makes the id, and the nanosecond in which it is made.
    pub(crate) fn made(at: SystemTime, now: SystemTime, nonce: u64) -> Self {
        let millis = at.duration_since(UNIX_EPOCH).map_or(0, |since| since.as_millis());
        let nanos = now.duration_since(UNIX_EPOCH).map_or(0, |since| since.subsec_nanos());
        let apart = random::spread(nonce ^ (u64::from(nanos) << 32));
        let random = random::draw() ^ (u128::from(apart) << 64);
        let mut id = (millis << 80) | (random >> 48);
        id = (id & !(0xf << 76)) | (0x7 << 76);
        id = (id & !(0b11 << 62)) | (0b10 << 62);
        Self(id.to_be_bytes())
    }

    /// The id with these bytes, in network order.
    #[must_use]
    pub const fn from_bytes(bytes: [u8; 16]) -> Self {
        Self(bytes)
    }

    /// The id's bytes, in network order.
    #[must_use]
    pub const fn as_bytes(&self) -> &[u8; 16] {
        &self.0
    }

    /// The 36 characters of the hyphenated form, in lower case.
    #[must_use]
    #[expect(clippy::indexing_slicing, reason = "all places are within the text, all nibbles within the digits")]
    pub fn hyphenated(self) -> [u8; 36] {
        let mut text = [b'-'; 36];
        for (byte, at) in self.0.iter().zip(PLACES) {
            text[at] = DIGITS[usize::from(byte >> 4)];
            text[at + 1] = DIGITS[usize::from(byte & 0x0f)];
        }
        text
    }
}

const DIGITS: &[u8; 16] = b"0123456789abcdef";
/// Where each byte's two digits stand between the hyphens.
const PLACES: [usize; 16] = [0, 2, 4, 6, 9, 11, 14, 16, 19, 21, 24, 26, 28, 30, 32, 34];

impl fmt::Display for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = self.hyphenated();
        f.write_str(str::from_utf8(&text).unwrap_or_default())
    }
}

impl fmt::Debug for EventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

/// A text is not a UUID.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidEventId;

impl fmt::Display for InvalidEventId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an event id is a UUID: 32 hexadecimal digits, with or without hyphens")
    }
}

impl std::error::Error for InvalidEventId {}

impl FromStr for EventId {
    type Err = InvalidEventId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let mut bytes = [0; 16];
        let mut digits =
            text.bytes().enumerate().filter(|(at, byte)| !(*byte == b'-' && matches!(at, 8 | 13 | 18 | 23)));
        for byte in &mut bytes {
            for _ in 0..2 {
                let (_, digit) = digits.next().ok_or(InvalidEventId)?;
                let digit = char::from(digit).to_digit(16).and_then(|digit| u8::try_from(digit).ok());
                *byte = (*byte << 4) | digit.ok_or(InvalidEventId)?;
            }
        }
        if digits.next().is_some() { Err(InvalidEventId) } else { Ok(Self(bytes)) }
    }
}

#[cfg(feature = "uuid")]
impl From<uuid::Uuid> for EventId {
    fn from(id: uuid::Uuid) -> Self {
        Self(id.into_bytes())
    }
}

#[cfg(feature = "uuid")]
impl From<EventId> for uuid::Uuid {
    fn from(id: EventId) -> Self {
        Self::from_bytes(id.0)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;
    use std::time::Duration;

    use super::*;

    #[test]
    fn an_id_is_a_version_7_uuid_of_the_events_time() {
        let at = UNIX_EPOCH + Duration::from_millis(0x0192_0102_0304);
        let text = EventId::at(at).to_string();
        assert!(text.starts_with("01920102-0304-7"), "{text}");
        assert!(matches!(text.as_bytes()[19], b'8' | b'9' | b'a' | b'b'), "{text}");
        assert_eq!(text.parse(), Ok(EventId::from_str(&text.replace('-', "")).unwrap()));
    }

    #[test]
    fn ids_of_one_millisecond_differ_on_all_threads() {
        let make = || (0..10_000).map(|_| EventId::at(UNIX_EPOCH)).collect::<Vec<_>>();
        let threads: Vec<_> = (0..4).map(|_| std::thread::spawn(make)).collect();
        let ids: HashSet<_> = threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect();
        assert_eq!(ids.len(), 40_000);
    }

    #[test]
    fn copies_of_a_process_make_other_ids_by_their_nonce_and_by_the_nanosecond() {
        let at = UNIX_EPOCH + Duration::from_secs(1);
        // Two ids that are made of one random number, as by two copies, differ in what is mixed into it alone.
        let apart = |nonce: u64, nanos: u64| {
            let now = at + Duration::from_nanos(nanos);
            let nanos = u64::from(now.duration_since(UNIX_EPOCH).unwrap().subsec_nanos());
            (u128::from(random::spread(nonce ^ (nanos << 32))) << 64) >> 48
        };
        let mut kept = HashSet::new();
        // The bits that a version and a variant take are not counted.
        let mask = !((0xf_u128 << 76) | (0b11 << 62));
        for copy in 0..1_000 {
            assert!(kept.insert(apart(copy, 0) & mask) && kept.insert(apart(7_000, copy + 1) & mask), "{copy}");
        }
        assert_ne!(EventId::made(at, at, 1), EventId::made(at, at, 1), "one process draws anew for each");
    }

    #[test]
    fn texts_that_are_no_uuid_are_refused() {
        for text in ["", "01920102", "01920102-0304-7000-8000-00000000000g", "0192010203047000800000000000000000"] {
            assert_eq!(text.parse::<EventId>(), Err(InvalidEventId), "{text}");
        }
    }
}
