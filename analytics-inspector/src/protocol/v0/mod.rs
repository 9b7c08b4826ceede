//! The first protocol: one JSON envelope, one verdict for all of its events.

mod capture;
mod decode;
mod distinct_id;
mod envelope;
mod event;
mod payload;
mod properties;
mod query;
mod request;
mod route;

pub(crate) use self::route::routes;
