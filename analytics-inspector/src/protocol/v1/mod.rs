//! The second protocol: required headers, several encodings, a verdict for each event.

mod batch;
mod capture;
mod event;
mod head;
mod options;
mod refusal;
mod route;

pub(crate) use self::refusal::billing_limit_exceeded;
pub(crate) use self::route::routes;

#[cfg(test)]
mod tests;
