//! A part of a long list.

use serde::Deserialize;

const DEFAULT_LIMIT: usize = 100;

/// Where to begin and how much to show. Beyond the end there is nothing.
#[derive(Debug, Clone, Copy, Deserialize)]
#[serde(default)]
pub(super) struct Page {
    offset: usize,
    limit: usize,
}

impl Default for Page {
    fn default() -> Self {
        Self { offset: 0, limit: DEFAULT_LIMIT }
    }
}

impl Page {
    pub(super) fn of<T>(self, items: Vec<T>) -> Vec<T> {
        let shown = items.into_iter().skip(self.offset);
        shown.take(self.limit).collect()
    }
}
