//! The ring of requests.

use std::collections::VecDeque;
use std::time::SystemTime;

use crate::received::ReceivedRequest;

/// How many requests are remembered.
const CAPACITY: usize = 10_000;

/// How many bytes of their heads are.
const CAPACITY_HEAD_BYTES: usize = 16 * 1024 * 1024;

/// The newest requests, bounded by count and by the bytes of their heads. Their bodies are bounded by bytes too, and go
/// first.
pub(crate) struct RequestRing {
    requests: VecDeque<ReceivedRequest>,
    head_bytes: usize,
    body_bytes: usize,
    capacity_bytes: usize,
    /// No request below this index still has a body.
    first_body: usize,
    has_forgotten_refused: bool,
}

impl RequestRing {
    pub(super) fn new(capacity_bytes: usize) -> Self {
        Self {
            requests: VecDeque::new(),
            head_bytes: 0,
            body_bytes: 0,
            capacity_bytes,
            first_body: 0,
            has_forgotten_refused: false,
        }
    }

    pub(super) fn push(&mut self, request: ReceivedRequest) {
        self.head_bytes += request.head_bytes();
        self.body_bytes += request.kept_bytes();
        self.requests.push_back(request);
        while self.requests.len() > CAPACITY || self.head_bytes > CAPACITY_HEAD_BYTES {
            let Some(oldest) = self.requests.pop_front() else {
                break;
            };
            self.has_forgotten_refused |= oldest.is_refused();
            self.head_bytes -= oldest.head_bytes();
            self.body_bytes -= oldest.kept_bytes();
            self.first_body = self.first_body.saturating_sub(1);
        }
        while self.body_bytes > self.capacity_bytes {
            let Some(request) = self.requests.get_mut(self.first_body) else {
                break;
            };
            self.body_bytes -= request.kept_bytes();
            request.body = None;
            self.first_body += 1;
        }
    }

    /// Sets the status of a request, if it is still remembered.
    pub(super) fn answered(&mut self, number: u64, status: u16) {
        if let Some(request) = self.index(number).and_then(|index| self.requests.get_mut(index)) {
            request.status = Some(status);
            request.answered_at = Some(SystemTime::now());
        }
    }

    /// The request with this number, if it is still remembered.
    pub(crate) fn get(&self, number: u64) -> Option<&ReceivedRequest> {
        self.requests.get(self.index(number)?)
    }

    fn index(&self, number: u64) -> Option<usize> {
        let first = self.requests.front().map_or(0, |request| request.number);
        number.checked_sub(first).and_then(|index| usize::try_from(index).ok())
    }

    /// Those that are remembered, oldest first.
    pub(super) fn iter(&self) -> impl Iterator<Item = &ReceivedRequest> {
        self.requests.iter()
    }

    /// Whether one that was refused is not remembered any more.
    pub(super) fn has_forgotten_refused(&self) -> bool {
        self.has_forgotten_refused
    }

    pub(super) fn snapshot(&self) -> Vec<ReceivedRequest> {
        self.requests.iter().cloned().collect()
    }

    pub(super) fn clear(&mut self) {
        *self = Self::new(self.capacity_bytes);
    }
}
