//! How many events, and how many bytes.

/// Events and their bytes.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct EventTotals {
    pub(crate) events: usize,
    pub(crate) bytes: usize,
}

impl EventTotals {
    pub(super) fn add(&mut self, bytes: usize) {
        self.events += 1;
        self.bytes += bytes;
    }

    pub(crate) fn subtract(&mut self, bytes: usize) {
        self.events -= 1;
        self.bytes -= bytes;
    }

    pub(super) fn add_all(&mut self, other: Self) {
        *self = self.and(other);
    }

    pub(super) fn subtract_all(&mut self, other: Self) {
        self.events -= other.events;
        self.bytes -= other.bytes;
    }

    pub(super) fn and(self, other: Self) -> Self {
        Self { events: self.events + other.events, bytes: self.bytes + other.bytes }
    }
}
