//! What one body may still take: bytes in hand, and time to be decoded.

use std::io::{self, Read};
use std::time::{Duration, Instant};

use bytes::Bytes;

use super::refusal::Refusal;
use crate::budget::{Reservation, Spent};

/// How many bytes a decoder gets, and gives, at once. Between two chunks it is looked whether there is time left.
const CHUNK: usize = 16 * 1024;

/// A part of the server's bytes in hand, and the end of the time for decoding.
#[derive(Debug)]
pub(crate) struct Allowance {
    held: Reservation,
    deadline: Option<Instant>,
}

/// Why nothing was decoded.
#[derive(Debug)]
pub(crate) enum DecodeError {
    /// The body is not what it says it is, or is damaged or cut short.
    Damaged(io::Error),
    /// The server has no more bytes or time for it.
    Refused(Refusal),
}

impl Allowance {
    /// An allowance whose time has not begun.
    pub(crate) fn new(held: Reservation) -> Self {
        Self { held, deadline: None }
    }

    /// Has the time for decoding begin.
    pub(crate) fn begin_decoding(&mut self, within: Duration) {
        self.deadline = Instant::now().checked_add(within);
    }

    /// Takes as many bytes more in hand.
    pub(crate) fn take(&mut self, bytes: usize) -> Result<(), Refusal> {
        let text = "the inspector has as many bytes in hand as it may have; send this again later";
        self.held.take(bytes).map_err(|Spent| Refusal::unavailable(text))
    }

    /// Gives all bytes back.
    pub(crate) fn release(&mut self) {
        self.held.release();
    }

    /// A body for a decoder, which gets no more of it when its time is over, even if it gives nothing for what it gets.
    pub(crate) fn chunks<'a>(&self, body: &'a [u8]) -> Chunks<'a> {
        Chunks { body, deadline: self.deadline }
    }

    /// Reads at most one byte more than `limit` from a decoder of [`chunks`](Self::chunks).
    pub(crate) fn read_up_to(&mut self, limit: usize, mut decoder: impl Read) -> Result<Bytes, DecodeError> {
        let mut content = Vec::new();
        let mut chunk = vec![0; CHUNK.min(limit.saturating_add(1))];
        while content.len() <= limit {
            let room = (limit - content.len()).saturating_add(1).min(chunk.len());
            let read = match decoder.read(chunk.get_mut(..room).unwrap_or_default()) {
                Ok(0) => break,
                Ok(read) => read,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(self.explain(error)),
            };
            self.take(read).map_err(DecodeError::Refused)?;
            content.extend_from_slice(chunk.get(..read).unwrap_or_default());
            if is_over(self.deadline) {
                return Err(DecodeError::Refused(late()));
            }
        }
        Ok(content.into())
    }

    /// A decoder tells in its own words that it got no more.
    fn explain(&self, error: io::Error) -> DecodeError {
        if is_over(self.deadline) { DecodeError::Refused(late()) } else { DecodeError::Damaged(error) }
    }

    /// What a decoder has against the head of a body.
    pub(crate) fn objection(&self, error: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> DecodeError {
        self.explain(io::Error::other(error))
    }
}

fn is_over(deadline: Option<Instant>) -> bool {
    deadline.is_some_and(|deadline| deadline <= Instant::now())
}

fn late() -> Refusal {
    Refusal::unavailable("the body takes longer to decode than the inspector has time for")
}

/// A body, chunk by chunk.
#[derive(Debug)]
pub(crate) struct Chunks<'a> {
    body: &'a [u8],
    deadline: Option<Instant>,
}

impl Read for Chunks<'_> {
    fn read(&mut self, buf: &mut [u8]) -> io::Result<usize> {
        if is_over(self.deadline) {
            return Err(io::ErrorKind::TimedOut.into());
        }
        let most = buf.len().min(CHUNK);
        self.body.read(buf.get_mut(..most).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::budget::Budget;

    fn allowance(bytes: usize, time: Duration) -> Allowance {
        let mut allowance = Allowance::new(Budget::new(bytes).reserve());
        allowance.begin_decoding(time);
        allowance
    }

    #[test]
    fn a_decoder_that_gives_nothing_gets_nothing_when_its_time_is_over() {
        let body = vec![0; 10 * CHUNK];
        let mut allowance = allowance(usize::MAX, Duration::ZERO);
        let mut chunks = allowance.chunks(&body);
        assert_eq!(chunks.read(&mut [0; 10]).unwrap_err().kind(), io::ErrorKind::TimedOut);
        let refused = allowance.read_up_to(usize::MAX, chunks).unwrap_err();
        assert!(matches!(refused, DecodeError::Refused(refusal) if refusal.status == 503));
    }

    #[test]
    fn a_decoder_that_gives_without_end_is_stopped_by_the_limit_the_bytes_or_the_time() {
        let content = allowance(usize::MAX, Duration::MAX).read_up_to(1_000_000, io::repeat(b'x')).unwrap();
        assert_eq!(content.len(), 1_000_001);
        let refused = allowance(100_000, Duration::MAX).read_up_to(1_000_000, io::repeat(b'x')).unwrap_err();
        assert!(matches!(refused, DecodeError::Refused(refusal) if refusal.text.contains("in hand")));
        let refused = allowance(usize::MAX, Duration::ZERO).read_up_to(1_000_000, io::repeat(b'x')).unwrap_err();
        assert!(matches!(refused, DecodeError::Refused(refusal) if refusal.text.contains("longer")));
    }

    #[test]
    fn a_body_is_read_whole_in_portions() {
        let body: Vec<u8> = (0..100_000_u32).map(|n| n.to_le_bytes()[0]).collect();
        let mut allowance = allowance(usize::MAX, Duration::MAX);
        let chunks = allowance.chunks(&body);
        assert_eq!(allowance.read_up_to(usize::MAX, chunks).unwrap(), body);
    }
}
