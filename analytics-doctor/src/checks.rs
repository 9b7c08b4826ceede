//! The examination: what is asked first, and what is not asked once something failed.

use std::env;

use product_analytics::config::{Explanation, Target};
use product_analytics::{Analytics, ConfigErrors};

use crate::args::Settings;
use crate::last_failure::LastFailure;
use crate::report::{Check, Failure, Report};
use crate::{event, key, network};

/// The variable that has a start ask about the key, which is done here apart and in its turn.
const VERIFY_KEY: &str = "ANALYTICS_VERIFY_KEY";

/// Looks at everything, and returns what becomes of events.
pub(crate) fn run(settings: &Settings, report: &mut Report) -> String {
    let explanation = match product_analytics::explain_env() {
        Ok(explanation) => explanation,
        Err(errors) => {
            refuse(&errors, report);
            return String::new();
        }
    };
    report.tell(Check::ok("config", "nothing is wrong with it"));
    if !explanation.unread.is_empty() {
        let fix = "look for one that was meant for analytics; another program's can stay";
        report.tell(Check::warn("config", explanation.unread.to_string()).with_fix(fix));
    }
    choice(&explanation, settings, report);
    if report.has_failed() || explanation.chosen.is_empty() {
        return "no events are sent, as configured".to_owned();
    }
    let targets: Vec<_> = explanation.chosen.iter().filter_map(|chosen| chosen.target.as_ref()).collect();
    for target in &targets {
        report.tell(key::shape(target));
    }
    held_back(&explanation, report);
    if report.has_failed() {
        return String::new();
    }
    if let Some((analytics, failure)) = start(report) {
        reach(&targets, settings, report);
        if !report.has_failed() {
            key::verify(settings.timeout, report);
        }
        if !report.has_failed() && settings.sends_event {
            event::send(&analytics, &failure, settings.timeout, report);
        }
    }
    explanation.destinations().unwrap_or_default()
}

fn refuse(errors: &ConfigErrors, report: &mut Report) {
    for error in errors.errors() {
        let text = format!("{}: {}", error.setting(), error.problem());
        report.fail(Failure::Configuration, Check::ok("config", text).with_fix(error.fix()));
    }
}

/// Tells which backends were chosen and why, and why one takes nothing.
fn choice(explanation: &Explanation, settings: &Settings, report: &mut Report) {
    for chosen in &explanation.chosen {
        report.tell(Check::ok("backend", format!("{chosen}; {}", chosen.reason)));
    }
    if let Some(text) = explanation.no_events_text() {
        let check = Check::warn("backend", text).with_any_fix(explanation.no_events_fix());
        if settings.require { report.fail(Failure::Configuration, check) } else { report.tell(check) }
    }
}

/// Tells which backends would not start because this is a test process. It starts none that could send off this
/// machine, so nothing else here may either.
fn held_back(explanation: &Explanation, report: &mut Report) {
    for chosen in &explanation.chosen {
        if let Some(test) = chosen.target.as_ref().and_then(|target| target.test_process) {
            let name = chosen.backend.as_str();
            let text = format!(
                "{name} does not start: this is a test process ({test}), and test events do not belong in a project"
            );
            let fix = "run an installed program, not one in a `target` folder; or set ANALYTICS_ALLOW_IN_TESTS=true";
            report.fail(Failure::Configuration, Check::ok("start", text).with_fix(fix));
        }
    }
}

/// Starts what the service starts, the question about the key aside. Nothing is sent yet.
fn start(report: &mut Report) -> Option<(Analytics, LastFailure)> {
    let failure = LastFailure::default();
    let variables = env::vars_os().filter(|(name, _)| name != VERIFY_KEY);
    match product_analytics::from_vars_observed(variables, failure.observers()) {
        Ok(analytics) => Some((analytics, failure)),
        Err(errors) => {
            refuse(&errors, report);
            None
        }
    }
}

fn reach(targets: &[&Target], settings: &Settings, report: &mut Report) {
    for target in targets {
        network::check(target, settings.timeout, report);
    }
}
