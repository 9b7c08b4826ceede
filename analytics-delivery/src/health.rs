//! How delivery is doing.

use std::fmt;
use std::time::{Duration, Instant};

use analytics_core::unwind::catch_panic;
use analytics_core::{DropReason, Health};

use crate::engine::{Edge, OutageView, Phase, Remark, RemarkKind};

/// How delivery is doing, as the engine's last attempts tell it.
pub(crate) fn health(phase: Phase, outage: OutageView<'_>, started: Instant) -> Health {
    match (phase, outage) {
        (Phase::Closed, _) => Health::Closed,
        (_, OutageView { reason: Some(DropReason::Unauthorized), .. }) => Health::Unauthorized,
        (_, OutageView { since: Some(since), cause, .. }) => Health::failing(started + since, cause),
        (_, OutageView { since: None, .. }) => Health::Ok,
    }
}

/// Writes an edge's line.
pub(crate) fn log(edge: Edge, destination: &str) {
    match edge {
        Edge::Failing { cause, reason, pending, lost, lasts } => {
            let outlook = match reason {
                None => "what is pending will be sent again",
                Some(DropReason::Unauthorized) => "the key is not accepted, events are dropped",
                Some(_) => "refused, events are dropped",
            };
            catch_panic(|| {
                tracing::warn!(
                    destination, %cause, pending, lost, lasts = %Seconds(lasts), "analytics: sending fails: {outlook}"
                );
            });
        }
        Edge::Healed { down_for, delivered, lost } => {
            let down_for = Seconds(down_for);
            catch_panic(|| {
                tracing::info!(destination, %down_for, delivered, lost, "analytics: sending works again");
            });
        }
    }
}

/// A time as exact as a reader of logs wants it: `85s`.
struct Seconds(Duration);

impl fmt::Display for Seconds {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}s", self.0.as_secs())
    }
}

/// Writes a remark's line.
pub(crate) fn log_remark(remark: &Remark, destination: &str) {
    let Remark { kind, cause, count } = remark;
    catch_panic(|| match kind {
        RemarkKind::Dropped => {
            tracing::warn!(destination, %cause, events = count, "analytics: the server took a batch and dropped events");
        }
        RemarkKind::Warned => {
            tracing::warn!(destination, %cause, events = count, "analytics: the server took events and warns");
        }
        RemarkKind::Suspect => {
            tracing::warn!(destination, %cause, answers = count, "analytics: a success that may not be the server's own");
        }
    });
}
