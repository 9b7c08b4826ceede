//! The server and the network.

use crate::Row;

/// The rows about the server and the network.
#[must_use]
pub fn rows() -> Vec<Row> {
    Vec::new()
}
