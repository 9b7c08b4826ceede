//! What would be built, and why.

use product_analytics::AnalyticsConfig;
use product_analytics::config::{Backend, Explanation, NoEventsReason};

use crate::logs::captured;

fn explained(vars: &[(&str, &str)]) -> Explanation {
    product_analytics::explain_vars(vars.iter().copied()).unwrap()
}

#[test]
fn it_says_what_a_start_says() {
    let key = ("POSTHOG_API_KEY", "phc_abcdefghijklmnopqrstuvwxyz0123");
    let here = ("POSTHOG_HOST", "http://127.0.0.1:9");
    let mut cases: Vec<Vec<(&str, &str)>> =
        vec![vec![], vec![("ANALYTICS_BACKEND", "noop")], vec![("DO_NOT_TRACK", "1")]];
    if cfg!(feature = "posthog") {
        cases.extend([vec![key, here], vec![key, here, ("ANALYTICS_DISABLED", "1")]]);
    }
    if cfg!(feature = "log") {
        cases.push(vec![("ANALYTICS_BACKEND", "auto,log")]);
    }
    if cfg!(feature = "inspector") {
        cases.push(vec![("ANALYTICS_BACKEND", "inspector")]);
    }
    for vars in cases {
        let (_, logged) = captured(|| product_analytics::from_vars(vars.iter().copied()).unwrap());
        let told = |line: &str| line.split_once("analytics::config: ").unwrap().1.to_owned();
        let logged: Vec<_> = logged.iter().map(|line| told(line)).collect();
        assert_eq!(explained(&vars).to_string(), logged.join("\n"), "{vars:?}");
    }
}

#[test]
fn it_starts_nothing_and_logs_nothing() {
    let (explanation, lines) = captured(|| AnalyticsConfig::default().explain().unwrap());
    assert_eq!((explanation.chosen.len(), explanation.no_events), (0, Some(NoEventsReason::NoKey)));
    assert!(lines.is_empty(), "{lines:?}");
}

#[test]
#[cfg(feature = "posthog")]
fn the_reason_and_the_keys_source_are_named() {
    let key = "phc_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";
    let [auto] = &explained(&[("POSTHOG_PROJECT_API_KEY", key)]).chosen[..] else { panic!() };
    assert_eq!((auto.backend, auto.reason.as_str()), (Backend::PostHog, "auto: POSTHOG_PROJECT_API_KEY is set"));
    let target = auto.target.as_ref().unwrap();
    assert_eq!((target.host.as_str(), target.region.as_str()), ("https://us.i.posthog.com", "us"));
    assert_eq!((target.fingerprint.as_str(), target.key_source), ("phc_abcd…FG", Some("POSTHOG_PROJECT_API_KEY")));
    assert_eq!(target.key_oddity, None);

    let explanation = explained(&[("ANALYTICS_BACKEND", "posthog"), ("POSTHOG_API_KEY", "abc")]);
    let [named] = &explanation.chosen[..] else { panic!() };
    assert_eq!(named.reason, "ANALYTICS_BACKEND names it");
    assert_eq!(named.target.as_ref().unwrap().key_oddity, Some("does not begin with phc_"));
    assert!(!format!("{explanation:?}").contains("abc"), "{explanation:?}");
}

#[test]
#[cfg(feature = "posthog")]
fn a_file_has_its_own_names() {
    let mut config = AnalyticsConfig::default();
    config.posthog.key = Some("phc_short".into());
    let explanation = config.explain().unwrap();
    let target = explanation.chosen[0].target.as_ref().unwrap();
    assert_eq!(explanation.chosen[0].reason, "auto: posthog.key is set");
    assert_eq!((target.key_source, target.key_oddity), (Some("posthog.key"), Some("is shorter than PostHog's keys")));
}

#[test]
fn what_is_wrong_is_an_error_here_too() {
    let errors = product_analytics::explain_vars([("ANALYTICS_BACKEND", "kafka")]).unwrap_err();
    assert_eq!(errors.errors().len(), 1, "{errors}");
    let mut config = AnalyticsConfig::default();
    (config.required, config.backend) = (true, vec![Backend::Noop]);
    assert_eq!(config.explain().unwrap_err().errors()[0].setting(), "required");
}

#[test]
#[cfg(feature = "posthog")]
fn a_key_that_is_unlike_posthogs_is_told_as_that() {
    let told = |key| explained(&[("POSTHOG_API_KEY", key), ("POSTHOG_HOST", "eu")]).to_string();
    let unlike = "events go to posthog at https://eu.i.posthog.com (region eu) with the key abcd…, unlike PostHog's keys, \
                  which begin with phc_";
    assert_eq!(told("abcdef"), unlike);
    assert!(!told("phc_0123456789abcdefghijklmnopqrstuvwxyzABCDEFG").contains("unlike"));
}
