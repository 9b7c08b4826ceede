//! Under this target the crate logs.

pub(crate) const TARGET: &str = "analytics::actix";
