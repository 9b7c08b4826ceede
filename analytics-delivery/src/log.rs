//! What the sink writes to the log.

use std::fmt;
use std::time::Duration;

use analytics_core::DropReason;
use analytics_core::unwind::catch_panic;

use crate::engine::{Edge, LogLine, Remark, RemarkKind};

/// Writes a line. Whatever the host's subscriber does, nobody else is concerned.
pub(crate) fn write(line: LogLine, destination: &str) {
    match line {
        LogLine::Edge(edge) => write_edge(edge, destination),
        LogLine::Remark(remark) => write_remark(&remark, destination),
        LogLine::Displaced => write_displaced(),
        LogLine::Lost { record, reason, why } => write_lost(&record, reason, &why),
        LogLine::LeftOut { record, property } => write_left_out(&record, &property),
    }
}

#[cold]
fn write_displaced() {
    catch_panic(|| {
        let reason = DropReason::QueueFull;
        tracing::warn!(%reason, "analytics: the oldest events were dropped; later ones are counted only");
    });
}

fn write_lost(record: &str, reason: DropReason, why: &str) {
    catch_panic(|| {
        if why.is_empty() {
            tracing::warn!(%record, %reason, "analytics: an event was dropped; later ones are counted only");
        } else {
            tracing::warn!(
                %record, %reason, why,
                "analytics: an event was dropped; later ones of this name and reason are counted only"
            );
        }
    });
}

fn write_left_out(record: &str, property: &str) {
    catch_panic(|| {
        tracing::warn!(
            %record,
            "analytics: a property was left out, {property}; later ones under this key are counted only"
        );
    });
}

fn write_edge(edge: Edge, destination: &str) {
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

fn write_remark(remark: &Remark, destination: &str) {
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
