//! Which backend is chosen.

use product_analytics::{Actor, Analytics, CopilotEvent, DropReason};

use crate::logs::captured;

const EVENT: CopilotEvent<'_> = CopilotEvent::MessageSent { session_id: "s1", message_length: 5 };

fn built(vars: &[(&str, &str)]) -> (Analytics, Vec<String>) {
    let (analytics, lines) = captured(|| product_analytics::from_vars(vars.iter().copied()));
    (analytics.unwrap(), lines)
}

#[test]
fn the_noop_is_chosen_and_one_line_says_why() {
    const NO_KEY: &str = "there is no project key, no events are sent";
    const NOOP: &str = "the backend is noop";
    const DISABLED: &str = "disabled by ANALYTICS_DISABLED or DO_NOT_TRACK";
    let cases: [(&[(&str, &str)], &str); 11] = [
        (&[], NO_KEY),
        (&[("ANALYTICS_BACKEND", "auto")], NO_KEY),
        (&[("ANALYTICS_BACKEND", " \t"), ("ANALYTICS_REQUIRED", ""), ("ANALYTICS_UNKNOWN", " ")], NO_KEY),
        (&[("POSTHOG_API_KEY", "  "), ("POSTHOG_OTHER", "x"), ("PATH", "/bin")], NO_KEY),
        (&[("ANALYTICS_DISABLED", "false"), ("DO_NOT_TRACK", "0"), ("ANALYTICS_REQUIRED", "0")], NO_KEY),
        (&[("ANALYTICS_BACKEND", "noop")], NOOP),
        (&[("ANALYTICS_BACKEND", " noop\n")], NOOP),
        (&[("ANALYTICS_DISABLED", "true")], DISABLED),
        (&[("DO_NOT_TRACK", "1")], DISABLED),
        (&[("DO_NOT_TRACK", "1"), ("ANALYTICS_DISABLED", "0")], DISABLED),
        (&[("DO_NOT_TRACK", "1"), ("ANALYTICS_BACKEND", "noop")], DISABLED),
    ];
    for (vars, why) in cases {
        let (analytics, lines) = built(vars);
        let [line] = lines.as_slice() else { panic!("{vars:?}: {lines:?}") };
        assert!(line.starts_with("INFO ") && line.contains(why), "{vars:?}: {line}");
        analytics.track(Actor::user("u1"), EVENT);
        assert_eq!(analytics.ledger().dropped(DropReason::Disabled), 1, "{vars:?}");
    }
}

#[test]
fn without_a_key_the_line_says_how_to_see_events() {
    let (_, lines) = built(&[]);
    let line = lines.join("\n");
    for part in
        ["POSTHOG_PROJECT_TOKEN=phc_…", "ANALYTICS_BACKEND=inspector", "`analytics-inspector`", "ANALYTICS_BACKEND=log"]
    {
        assert!(line.contains(part), "{line}");
    }
    assert_eq!(line.contains("(cargo feature `inspector`)"), cfg!(not(feature = "inspector")), "{line}");
    assert_eq!(line.contains("(cargo feature `log`)"), cfg!(not(feature = "log")), "{line}");
}

#[test]
#[cfg(feature = "posthog")]
fn disabled_wins_over_a_key() {
    let key = ("POSTHOG_API_KEY", "phc_abcdefghijklmnopqrstuvwxyz");
    for vars in [[key, ("ANALYTICS_DISABLED", "1")], [key, ("DO_NOT_TRACK", "true")]] {
        let (analytics, lines) = built(&vars);
        assert!(lines.join("\n").contains("no events are sent"), "{lines:?}");
        assert!(format!("{analytics:?}").contains("NoopSink"), "{analytics:?}");
    }
}

#[test]
#[cfg(feature = "log")]
fn several_backends_are_a_fan_out_by_name() {
    let (analytics, _) = built(&[("ANALYTICS_BACKEND", "log")]);
    assert!(format!("{analytics:?}").contains("sink: LogSink"), "{analytics:?}");
    // Of a list only what takes events is built.
    let (analytics, lines) = built(&[("ANALYTICS_BACKEND", "auto, log")]);
    assert!(format!("{analytics:?}").contains("sink: LogSink"), "{analytics:?}");
    assert_eq!(lines.len(), 2, "{lines:?}");
    #[cfg(feature = "inspector")]
    {
        let (analytics, lines) = built(&[("ANALYTICS_BACKEND", "inspector,log")]);
        let debug = format!("{analytics:?}");
        assert!(debug.contains("sink: Fanout") && debug.contains("name: \"inspector\""), "{debug}");
        assert!(
            lines[0].contains("inspector at http://127.0.0.1:8010") && lines[0].contains("and to log"),
            "{lines:?}"
        );
    }
}
