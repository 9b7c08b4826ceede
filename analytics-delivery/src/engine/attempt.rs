//! Which batch an attempt is at.

use std::time::Duration;

use super::RouteId;
use crate::batch::BatchIdentity;

/// An attempt at a batch.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Attempt {
    pub(crate) route_id: RouteId,
    /// The back-off's, when the batch was leased.
    pub(crate) generation: u64,
    pub(crate) batch: BatchIdentity,
    pub(crate) began_at: Duration,
    /// When it ends at the latest.
    pub(crate) ends_at: Duration,
}
