//! What arrived.

use std::collections::HashSet;
use std::fmt;
use std::time::Duration;

use analytics_inspector::Inspector;

use crate::message::{CAPTURED, POISONED};
use crate::poison;

/// Events that the server takes, if its answers are heeded.
const DELIVERABLE: u32 = CAPTURED - POISONED;

/// What arrived, as the server has it.
#[derive(Debug)]
pub struct Report {
    delivered: usize,
    duplicates: u64,
    requests: u64,
    took: Duration,
}

impl Report {
    /// Counts what PostHog would store.
    ///
    /// # Errors
    /// If the count proves nothing: the server forgot events, took poison, or stores one event as two.
    pub fn of(inspector: &Inspector, took: Duration) -> Result<Self, &'static str> {
        let oracle = inspector.oracle();
        let events = inspector.events();
        let numbers: HashSet<u64> =
            events.iter().filter_map(|event| event.property("number")).filter_map(|number| number.as_u64()).collect();
        if !oracle.is_complete {
            return Err("the server has forgotten events");
        }
        if events.iter().any(|event| event.json().contains(poison::MARKER)) {
            return Err("the server has taken poison");
        }
        if numbers.len() != oracle.rows.len() {
            return Err("an event is stored twice, under two uuids");
        }
        let requests = inspector.totals().requests;
        Ok(Self { delivered: numbers.len(), duplicates: oracle.duplicates, requests, took })
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { delivered, duplicates, requests, took } = self;
        let lost = i64::from(DELIVERABLE) - i64::try_from(*delivered).unwrap_or(i64::MAX);
        write!(f, "captured {CAPTURED}, deliverable {DELIVERABLE}, delivered {delivered}, lost {lost}, ")?;
        write!(f, "duplicates {duplicates}, requests {requests}, seconds {:.1}", took.as_secs_f64())
    }
}
