//! Metrics beside the ledger, for every backend.

use std::collections::BTreeMap;
use std::time::SystemTime;

use analytics_inspector::Fault;
use metrics_util::debugging::{DebugValue, DebuggingRecorder, Snapshotter};
use product_analytics::{Actor, Analytics, AnalyticsConfig, DropReason, DynamicEvent, Filter, Ledger, Sample};

use super::start::{KEY, set};
use crate::figures::Figures;
use crate::harness::fixture::{LONG, OrFail, inspector};
use crate::harness::{Subprocess, subprocess};
use crate::row::{Outcome, Proof, Row, Tier};
use crate::unmet::{Unmet, ensure};

pub(super) const ROW: Row = Row {
    number: 100,
    fault: "metrics beside the ledger: events that the handle refuses, that wrappers hold back, that follow the close",
    must: "what is exported is the handle's whole ledger, whatever the backend, also at and after the close",
    proof: Proof::Inline(metrics),
};

pub(super) const SUBPROCESS: Subprocess = ("metrics", |arguments| subprocess::finish(service(arguments)));

/// What decides where events go.
const BACKENDS: [(&str, &[(&str, &str)]); 7] = [
    ("no key", &[("ANALYTICS_BACKEND", "auto"), (KEY.0, "")]),
    ("noop", &[("ANALYTICS_BACKEND", "noop")]),
    ("disabled", &[("ANALYTICS_DISABLED", "1")]),
    ("log", &[("ANALYTICS_BACKEND", "log")]),
    ("posthog", &[("ANALYTICS_BACKEND", "posthog")]),
    ("inspector", &[("ANALYTICS_BACKEND", "inspector")]),
    ("several", &[("ANALYTICS_BACKEND", "posthog,log")]),
];

fn metrics(_tier: Tier) -> Outcome {
    let (mut compared, mut differ) = (0, 0);
    for (name, variables) in BACKENDS {
        let inspector = inspector()?;
        // The first batch is refused whole, so that something is lost on the way too.
        inspector.inject(Fault::status(400));
        let mut command = subprocess::command("metrics", &[])?;
        for variable in ["ANALYTICS_BACKEND", "ANALYTICS_DISABLED", "DO_NOT_TRACK"] {
            command.env_remove(variable);
        }
        let url = inspector.url();
        let all = [set(&[KEY, ("POSTHOG_HOST", &url), ("ANALYTICS_INSPECTOR_URL", &url)]), set(variables)].concat();
        let ended = subprocess::run(
            {
                command.envs(all);
                command
            },
            LONG,
        )?
        .succeeded()?;
        compared += ended.number("compared")?;
        let different = ended.number("differ")?;
        differ += different;
        ensure(different == 0, || format!("{name}: {}", ended.text("different").unwrap_or_default()))?;
    }
    let figures = Figures::of("backends", BACKENDS.len()).and("counters compared", compared);
    figures.and_none("that differ", differ)
}

/// A service that compares its metrics with its ledger: after a flush, after the shutdown, and when the handle is gone.
fn service(arguments: &[String]) -> Result<(), Unmet> {
    ensure(arguments.is_empty(), || format!("too many arguments: {arguments:?}"))?;
    let recorder = DebuggingRecorder::new();
    let mut books =
        Books { snapshotter: recorder.snapshotter(), counters: BTreeMap::new(), compared: 0, different: Vec::new() };
    recorder.install().or_fail("the recorder")?;
    let config = AnalyticsConfig::from_env().or_fail("the configuration")?;
    let sink = config.build_sink().or_fail("the sink")?;
    let filtered = Filter::new(sink).keep_events(|record| !record.actor().id().to_string().ends_with("held-back"));
    let analytics = config.handle_on(Sample::new(filtered, 0.5).or_fail("the rate")?);
    analytics_metrics::export(&analytics).or_fail("the thread that exports")?;
    books.compare("at the start", &analytics.ledger())?;
    track(&analytics);
    books.compare("after a flush", &analytics.flush_blocking(LONG))?;
    track(&analytics);
    books.compare("after the shutdown", &analytics.shutdown_blocking(LONG))?;
    track(&analytics);
    let last = analytics.ledger();
    ensure(last.dropped(DropReason::InvalidActor) == 6 && last.dropped(DropReason::Sampled) > 0, || last.to_string())?;
    ensure(last.dropped(DropReason::Closed) > 0, || last.to_string())?;
    drop(analytics);
    books.compare("when the handle is gone", &last)?;
    subprocess::tell("compared", books.compared);
    subprocess::tell("differ", books.different.len());
    subprocess::tell("different", books.different.join("; "));
    Ok(())
}

/// Events that arrive, and others.
fn track(analytics: &Analytics) {
    for n in 0..200 {
        analytics.track(Actor::user(format!("u{n}").as_str()), DynamicEvent::new("seen").with("n", n));
    }
    analytics.track(Actor::user(""), DynamicEvent::new("nobody's"));
    analytics.track(Actor::user(" "), DynamicEvent::new("nobody's"));
    analytics.track(Actor::user("held-back"), DynamicEvent::new("held_back"));
    for n in 0..20 {
        let event = DynamicEvent::new("odd").with("ratio", f64::NAN).with("distinct_id", "other");
        analytics.event(Actor::user(format!("u{n}").as_str()), event).at(SystemTime::UNIX_EPOCH).track();
    }
}

/// The metrics, as a recorder was told them.
struct Books {
    snapshotter: Snapshotter,
    /// Up to now: a snapshot takes counts out.
    counters: BTreeMap<String, u64>,
    compared: usize,
    different: Vec<String>,
}

impl Books {
    fn compare(&mut self, when: &str, ledger: &Ledger) -> Result<(), Unmet> {
        self.read()?;
        let traffic = ledger.traffic();
        let mut expected = vec![
            ("analytics_events_captured_total".to_owned(), ledger.captured()),
            ("analytics_events_delivered_total".to_owned(), ledger.delivered()),
            ("analytics_properties_dropped_total".to_owned(), ledger.properties_dropped()),
            ("analytics_requests_total".to_owned(), traffic.requests),
            ("analytics_body_bytes_total".to_owned(), traffic.body_bytes),
            ("analytics_suspect_answers_total".to_owned(), traffic.suspect),
            ("analytics_events_pending".to_owned(), ledger.pending()),
        ];
        let of_reason = |reason: &DropReason| {
            (format!("analytics_events_dropped_total {}", reason.as_str()), ledger.dropped(*reason))
        };
        expected.extend(DropReason::ALL.iter().map(of_reason));
        for (name, count) in expected {
            let exported = self.counters.get(&name).copied().unwrap_or_default();
            self.compared += 1;
            if exported != count {
                self.different.push(format!("{name} {when}: {exported} exported of {count}"));
            }
        }
        Ok(())
    }

    fn read(&mut self) -> Result<(), Unmet> {
        for (key, _, _, value) in self.snapshotter.snapshot().into_vec() {
            let reason = key.key().labels().find(|label| label.key() == "reason");
            let name = key.key().name();
            let name = reason.map_or_else(|| name.to_owned(), |reason| format!("{name} {}", reason.value()));
            match value {
                DebugValue::Counter(count) => *self.counters.entry(name).or_default() += count,
                DebugValue::Gauge(level) => {
                    self.counters.insert(name, level.to_string().parse().or_fail("a gauge")?);
                }
                DebugValue::Histogram(_) => {}
            }
        }
        Ok(())
    }
}
