//! Inflating bodies, never beyond a limit, nor beyond what a body may take of bytes in hand and of time.

mod gzip;
mod v1;

pub(crate) use self::gzip::{inflate, is_gzip, is_labelled_gzip};
pub(crate) use self::v1::Encoding;

#[cfg(test)]
mod tests;
