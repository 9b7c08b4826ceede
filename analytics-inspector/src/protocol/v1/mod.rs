//! v1: required headers, several encodings, a verdict for each event.

mod batch;
mod capture;
mod event;
mod head;
mod options;
mod refusal;

pub(crate) use self::capture::{Route, judge};
pub(crate) use self::refusal::billing_limit_exceeded;

#[cfg(test)]
mod tests;
