//! How much one request carries, and how long it may take: what the way to the server and the server itself turned out
//! to bear.

use std::time::Duration;

/// A body of this size passes any link, and any server's limit: a failure of one says nothing of its size.
const SMALL_BODY: usize = 64 << 10;
/// As large as bodies are made that are to be small ones: how well the parts of a batch compress is not known before.
const SMALL_ENOUGH: usize = 48 << 10;
/// No request is made smaller for slowness than this.
const LEAST_BYTES: usize = 4 << 10;
/// No attempt is given longer than this, unless the setting is.
const LONGEST_TIMEOUT: Duration = Duration::from_secs(60);
/// As long as requests are kept below a size at which connections broke.
const HELD: Duration = Duration::from_secs(600);

/// The bytes of events that one request may carry, and the time-out of an attempt.
///
/// An attempt that ends at its time-out was too much for the link, or the server answers late. With a body of more than
/// 64 KiB it is taken for the former: a request carries a quarter at most, and at most what is likely to be 64 KiB on
/// the wire, because what was sent clogs the link for a while. With a smaller body, or with an event alone, it is taken
/// for the latter: the time-out doubles, up to a minute, and doubles twice if a large request had no answer right
/// before it. What a minute is too short for is made smaller in its turn. So a server that answers late stores few
/// copies of an event.
///
/// A batch of more than 64 KiB whose connection breaks twice without an answer is halved: something on the way may
/// refuse its size. For ten minutes no request is larger than that half.
///
/// Requests that arrive grow again: in less than a third of the time-out to twice the size, in less than two thirds by
/// a quarter. One that takes less than a quarter of the time-out halves it, down to the setting.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Link {
    bytes: usize,
    most: usize,
    /// Connections broke above so many bytes; no request is larger before then.
    held: Option<(usize, Duration)>,
    timeout: Duration,
    least_timeout: Duration,
    /// Whether a large request ended at its time-out, and none had its answer since: was it its size, or the time-out?
    is_in_doubt: bool,
}

/// A request that is over.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Sent {
    pub(crate) events: usize,
    /// Their bytes.
    pub(crate) event_bytes: usize,
    /// Its body's, on the wire.
    pub(crate) body_bytes: usize,
    /// The time that it was given.
    pub(crate) timeout: Duration,
    /// The time that it took.
    pub(crate) took: Duration,
}

impl Sent {
    /// Whether its size may be why it failed, and a smaller one can be made of it.
    fn is_large(self) -> bool {
        self.body_bytes > SMALL_BODY && self.events > 1
    }
}

/// Whether a request of `body_bytes` is more than may be sent again and again in a short time.
pub(crate) const fn is_costly(body_bytes: u64) -> bool {
    body_bytes > SMALL_BODY as u64
}

impl Link {
    /// As much as is set, with `timeout` for an attempt.
    pub(crate) fn new(most: usize, timeout: Duration) -> Self {
        Self { bytes: most, most, held: None, timeout, least_timeout: timeout, is_in_doubt: false }
    }

    /// The bytes of events that one request may carry.
    pub(crate) fn bytes(self) -> usize {
        self.bytes
    }

    /// The time-out of an attempt that begins now.
    pub(crate) fn timeout(self) -> Duration {
        self.timeout
    }

    /// Whether requests are smaller than they might be, for slowness; then the link is not shared by several.
    pub(crate) fn is_slow(self) -> bool {
        self.bytes < self.held.map_or(self.most, |(bytes, _)| bytes)
    }

    /// A request had no answer in time; tells whether the batches that are too large now are to be cut.
    ///
    /// It says nothing if it took far longer than it was given, because the whole process was frozen.
    pub(crate) fn timed_out(&mut self, sent: Sent) -> bool {
        if sent.took > sent.timeout.saturating_mul(2) {
            return false;
        }
        let longest = LONGEST_TIMEOUT.max(self.least_timeout);
        if sent.is_large() {
            self.is_in_doubt = true;
            let likely = sent.event_bytes.saturating_mul(SMALL_ENOUGH) / sent.body_bytes;
            self.shrink(likely.min(sent.event_bytes / 4));
        } else if self.timeout >= longest {
            if sent.events > 1 {
                self.shrink(sent.event_bytes / 4);
            }
        } else if sent.timeout >= self.timeout {
            // It was the time-out, for the large request before it as well.
            let factor = if std::mem::take(&mut self.is_in_doubt) { 4 } else { 2 };
            self.timeout = self.timeout.saturating_mul(factor).min(longest);
        }
        sent.events > 1 && sent.event_bytes > self.bytes
    }

    fn shrink(&mut self, bytes: usize) {
        self.bytes = self.bytes.min(bytes.max(LEAST_BYTES));
    }

    /// A request's connection broke at `now`, as it did `before` for the same batch, and there was no answer; tells
    /// whether the batches that are too large now are to be cut.
    pub(crate) fn broke(&mut self, sent: Sent, before: bool, now: Duration) -> bool {
        if !sent.is_large() || !before {
            return false;
        }
        self.shrink(sent.event_bytes / 2);
        self.held = Some((self.bytes, now.saturating_add(HELD)));
        true
    }

    /// A request had its answer at `now`.
    pub(crate) fn arrived(&mut self, sent: Sent, now: Duration) {
        self.is_in_doubt = false;
        self.held = self.held.filter(|(_, until)| now < *until);
        let more = match sent.took {
            took if took < self.timeout / 3 => self.bytes,
            took if took < self.timeout * 2 / 3 => self.bytes / 4,
            _ => 0,
        };
        let most = self.held.map_or(self.most, |(bytes, _)| bytes);
        self.bytes = self.bytes.saturating_add(more).min(most);
        if sent.took < self.timeout / 4 {
            self.timeout = (self.timeout / 2).max(self.least_timeout);
        }
    }
}

#[cfg(test)]
mod tests;
