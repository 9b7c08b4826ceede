//! What becomes of a request that meets a fault.

use std::time::Duration;

/// What the server says of one event of a v1 request, in place of what the event deserves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Verdict {
    /// It is lost for good.
    Drop,
    /// It was not stored and may be sent again.
    Retry,
    /// It was stored, with a remark.
    Warning,
}

// The protocol's own words.
analytics_rules::keywords! { Verdict { Drop = "drop", Retry = "retry", Warning = "warning" } }

impl Verdict {
    /// What the server gives as the reason, unless told otherwise.
    pub(super) fn usual_details(self) -> &'static str {
        match self {
            Self::Drop => "rejected",
            Self::Retry => "not_persisted",
            Self::Warning => "person_processing_disabled",
        }
    }
}

/// What becomes of the request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum FaultEffect {
    /// It is answered as it deserves.
    Normal,
    /// It is answered with this status, whatever it carries.
    Status(u16),
    /// It is answered as the protocol has it for a project over quota, by the second one with this status.
    OverQuota(u16),
    /// It is read and never answered.
    NeverAnswered,
    /// Its connection is reset.
    Reset(ResetAt),
    /// Its events are accepted, and then its connection is reset.
    AcceptedThenReset,
    /// It finds nobody listening.
    Refused,
    /// Some of its events get this verdict.
    Judged { verdict: Verdict, details: String },
}

/// How far the request gets before its connection is reset.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum ResetAt {
    /// Its body is not read.
    BeforeBody,
    /// This many bytes of its body are read.
    BodyBytes(u64),
    /// It is read whole.
    End,
}

impl FaultEffect {
    pub(crate) fn name(&self) -> &'static str {
        match self {
            Self::Normal => "delay",
            Self::Status(_) => "status",
            Self::OverQuota(_) => "over_quota",
            Self::NeverAnswered => "never_answer",
            Self::Reset(ResetAt::BeforeBody) => "reset_before",
            Self::Reset(ResetAt::BodyBytes(_)) => "reset_during",
            Self::Reset(ResetAt::End) => "reset_after",
            Self::AcceptedThenReset => "accept_then_reset",
            Self::Refused => "refuse_connections",
            Self::Judged { .. } => "verdict",
        }
    }

    /// Whether it strikes before the body has been read.
    pub(super) fn is_early(&self) -> bool {
        matches!(self, Self::Reset(ResetAt::BeforeBody | ResetAt::BodyBytes(_)))
    }
}

/// How an answer goes over the wire.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Delivery {
    /// At once, and the connection stays open.
    Whole,
    /// One byte at a time, head included, with this pause before each.
    ByteByByte(Duration),
    /// With a body that has no end.
    Endless,
    /// At once, and then the connection is closed though the answer did not say so.
    ThenClosed,
}
