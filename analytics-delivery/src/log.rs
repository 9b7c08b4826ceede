//! What the sink writes to the log.

use std::fmt;
use std::time::Duration;

use analytics_core::unwind::catch_panic;
use analytics_core::{DropReason, Lane};

use crate::engine::{LogLine, OutageTransition, ServerWarning, ServerWarningKind};
use crate::log_target::TARGET;

/// Writes a line. Whatever the host's subscriber does, nobody else is concerned.
pub(crate) fn write(log_line: LogLine, destination: &str) {
    match log_line {
        LogLine::OutageTransition(lane, transition) => write_edge(lane, transition, destination),
        LogLine::ServerWarning(remark) => write_remark(&remark, destination),
        LogLine::Displaced => write_displaced(),
        LogLine::Lost { record, reason, why } => write_lost(&record, reason, &why),
        LogLine::LeftOut { record, property } => write_left_out(&record, &property),
    }
}

#[cold]
fn write_displaced() {
    catch_panic(|| {
        let reason = DropReason::QueueFull;
        tracing::warn!(target: TARGET, %reason, "the oldest events were dropped; later ones are counted only");
    });
}

/// What to look at where an event finds its sink shut down.
const CLOSED: &str = "the sink was shut down before: by `shutdown`, or by a guard of `shutdown_on_drop` that was dropped, \
                      which one that is bound to `_` is at once";

fn write_lost(record: &str, reason: DropReason, why: &str) {
    catch_panic(|| match why {
        // Somebody wanted it.
        _ if reason.is_intended() => {
            tracing::debug!(
                target: TARGET, %record, %reason,
                "an event is dropped, as is intended; later ones are counted only"
            );
        }
        "" if reason == DropReason::Closed => {
            tracing::warn!(
                target: TARGET, %record, %reason, why = CLOSED,
                "an event was dropped; later ones are counted only"
            );
        }
        "" => tracing::warn!(target: TARGET, %record, %reason, "an event was dropped; later ones are counted only"),
        why => tracing::warn!(
            target: TARGET, %record, %reason, why,
            "an event was dropped; later ones of this name and reason are counted only"
        ),
    });
}

fn write_left_out(record: &str, property: &str) {
    catch_panic(|| {
        tracing::warn!(
            target: TARGET, %record,
            "a property was left out, {property}; later ones under this key are counted only"
        );
    });
}

fn write_edge(lane: Lane, transition: OutageTransition, destination: &str) {
    // Where it is the ordinary one nothing is said of it.
    let lane = (lane != Lane::Product).then_some(lane.as_str());
    match transition {
        OutageTransition::Failing { cause, reason, pending, lost, lasts } => {
            let outlook = match reason {
                None => "what is pending will be sent again",
                Some(DropReason::Unauthorized) => "the key is not accepted, events are dropped",
                Some(_) => "refused, events are dropped",
            };
            catch_panic(|| {
                tracing::warn!(
                    target: TARGET, destination, lane, %cause, pending, lost, lasts = %Seconds(lasts), "sending fails: {outlook}"
                );
            });
        }
        OutageTransition::Healed { down_for, delivered, lost } => {
            let down_for = Seconds(down_for);
            catch_panic(|| {
                tracing::info!(target: TARGET, destination, lane, %down_for, delivered, lost, "sending works again");
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

fn write_remark(remark: &ServerWarning, destination: &str) {
    let ServerWarning { kind, cause, count } = remark;
    catch_panic(|| match kind {
        ServerWarningKind::Dropped => {
            tracing::warn!(target: TARGET, destination, %cause, events = count, "the server took a batch and dropped events");
        }
        ServerWarningKind::Warned => {
            tracing::warn!(target: TARGET, destination, %cause, events = count, "the server took events and warns");
        }
        ServerWarningKind::Suspect => {
            tracing::warn!(target: TARGET, destination, %cause, answers = count, "a success that may not be the server's own");
        }
    });
}

// Outside of its schedules a lock of `shuttle` cannot be used.
#[cfg(test)]
#[cfg(not(shuttle))]
pub(crate) mod tests {
    use std::io;
    use std::num::NonZeroUsize;
    use std::sync::{Arc, Mutex};
    use std::time::Duration;

    use analytics_core::{
        Actor, Analytics, CopilotEvent, DropReason, DynamicEvent, Encoded, EventId, LeftOut, Record, Refusal,
    };
    use tracing::Dispatch;
    use tracing::subscriber::NoSubscriber;
    use tracing_subscriber::fmt::time::FormatTime;

    use crate::config::{DeliveryConfig, Overflow};
    use crate::encoder::Encoder;
    use crate::order::OrderKey;
    use crate::route::Route;
    use crate::sink::DeliverySink;

    /// Keeps what is written.
    #[derive(Clone, Debug, Default)]
    struct Lines(Arc<Mutex<Vec<u8>>>);

    impl io::Write for Lines {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            self.0.lock().unwrap().write(bytes)
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    /// Runs `scenario` and returns what it logged at whatever level.
    pub(crate) fn logged(timer: impl FormatTime + Send + Sync + 'static, scenario: impl FnOnce()) -> String {
        let lines = Lines::default();
        let writer = lines.clone();
        let subscriber = tracing_subscriber::fmt()
            .with_max_level(tracing::Level::TRACE)
            .with_timer(timer)
            .with_ansi(false)
            .with_target(false)
            .with_writer(move || writer.clone())
            .finish();
        let dispatch = Dispatch::new(subscriber);
        // With one subscriber only, whichever thread comes by first decides for all threads whether a line matters.
        let _second = Dispatch::new(NoSubscriber::default());
        tracing::callsite::rebuild_interest_cache();
        tracing::dispatcher::with_default(&dispatch, scenario);
        let text = lines.0.lock().unwrap().clone();
        String::from_utf8(text).unwrap()
    }

    /// Leaves a property out of every event, and wants none that is called `debug`.
    #[derive(Debug)]
    struct LeavesOut;

    impl Encoder for LeavesOut {
        fn encode(&self, record: &Record<'_>, out: &mut Vec<u8>) -> Result<Encoded, Refusal> {
            if record.action().name() == "debug" {
                return Err(DropReason::Filtered.into());
            }
            out.extend_from_slice(b"{}");
            let mut encoded = Encoded::default();
            encoded.left_out = vec![LeftOut::new("token", "it is reserved")];
            Ok(encoded)
        }

        fn event_id(&self, _event: &[u8]) -> Option<EventId> {
            None
        }

        fn order(&self, record: &Record<'_>) -> OrderKey {
            OrderKey::of_record(record)
        }

        fn route(&self, record: &Record<'_>) -> Route {
            Route::of(record)
        }
    }

    #[test]
    fn the_first_loss_of_each_kind_is_a_line_and_later_ones_are_none() {
        let config = DeliveryConfig {
            queue_events: NonZeroUsize::new(2).unwrap(),
            overflow: Overflow::DropOldest,
            ..DeliveryConfig::default()
        };
        let log = logged((), || {
            let (sink, _) = DeliverySink::without_worker(LeavesOut, config);
            let analytics = Analytics::new(sink);
            for _ in 0..5 {
                analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
            }
            assert_eq!(analytics.ledger().lost(), 3);
            (0..2).for_each(|_| analytics.track(Actor::user("u1"), DynamicEvent::new("debug")));
            drop(analytics.shutdown_on_drop(Duration::ZERO));
            (0..2).for_each(|_| analytics.track(Actor::user("u1"), DynamicEvent::new("late")));
        });
        insta::assert_snapshot!(log);
    }
}
