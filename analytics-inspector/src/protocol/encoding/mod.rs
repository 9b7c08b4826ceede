//! Inflating bodies, never beyond a limit.

mod gzip;
mod v1;

use std::io::{self, Read};

use bytes::Bytes;

pub(crate) use self::gzip::{inflate, is_gzip, is_labelled_gzip};
pub(crate) use self::v1::Encoding;

/// Reads at most one byte more than `limit`.
fn read_up_to(limit: usize, reader: impl Read) -> io::Result<Bytes> {
    let at_most = u64::try_from(limit).unwrap_or(u64::MAX).saturating_add(1);
    let mut content = Vec::new();
    reader.take(at_most).read_to_end(&mut content)?;
    Ok(content.into())
}

#[cfg(test)]
mod tests;
