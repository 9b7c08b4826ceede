//! What a fault has done.

use super::fault::Fault;

/// A fault that was injected, and what came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FaultReport {
    /// Names it for `DELETE /api/faults/{id}`: no two that were injected have the same.
    pub id: u64,
    /// The fault as it was injected.
    pub fault: Fault,
    /// To how many requests it has happened. Of refused connections nobody learns: there it is 1
    /// once the server has stopped listening.
    pub acted: u64,
    /// Whether it has had all its occasions or all its time.
    pub is_over: bool,
    /// To how many requests it may still happen; `None` for any number.
    pub left: Option<u64>,
}
