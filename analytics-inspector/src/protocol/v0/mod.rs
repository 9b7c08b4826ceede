//! v0: one JSON envelope, one verdict for all of its events.

mod capture;
mod decode;
mod distinct_id;
mod envelope;
mod event;
mod payload;
mod properties;
mod query;
mod request;

pub(crate) use self::capture::{Route, judge};
pub(crate) use self::query::CaptureQuery;
