//! What is no key is not taken for one, and the error names the fix for its cause.

use product_analytics::AnalyticsConfig;

/// As PostHog makes them.
const KEY: &str = "phc_abcdefghijkmnopqrsZz8Qw7Er6Ty5uvwxyzABCDEFG";

#[test]
fn whatever_was_taken_for_a_key_is_refused_with_the_fix_for_its_cause_and_not_shown() {
    let cases = [
        ("\"KEY\"", "write it without them"),
        ("'KEY'", "write it without them"),
        ("<ph_project_api_key>", "write the value itself"),
        ("${POSTHOG_API_KEY}", "write the value itself"),
        ("$POSTHOG_API_KEY", "write the value itself"),
        ("{{ .Values.key }}", "write the value itself"),
        ("%KEY%", "write the value itself"),
        ("POSTHOG_API_KEY=KEY", "write only what stands after the name"),
        ("export POSTHOG_API_KEY=KEY", "write only what stands after the name"),
        ("POSTHOG_API_KEY: KEY", "write only what stands after the name"),
        ("Bearer KEY", "write the key alone"),
        ("https://eu.i.posthog.com", "it belongs in POSTHOG_HOST"),
        ("eu.i.posthog.com", "it belongs in POSTHOG_HOST"),
        ("eu", "it belongs in POSTHOG_HOST"),
        ("phc_...", "copy the whole key"),
        ("phc_…", "copy the whole key"),
        ("phc_abcd…FG", "copy the whole key"),
        ("phc_********", "copy the whole key"),
        ("phc_xxxxxxxx", "write the project's key"),
        ("phc_your_key_here", "write the project's key"),
        ("YOUR_API_KEY", "write the project's key"),
        ("changeme", "write the project's key"),
        ("none", "leave the variable out"),
        ("{\"api_key\": \"KEY\"}", "write only the key that is in it"),
        ("KEY,", "take it off"),
        ("KEY;", "take it off"),
        ("KEY\\n", "take it off"),
        ("KEYKEY", "write one key"),
        ("KEY,KEY", "write one key"),
        ("cGhjX1p6OFF3N0VyNlR5NVp6OFF3N0VyNlR5NQ==", "decode it"),
        ("/run/secrets/posthog", "write the key that is in the file"),
        ("12345", "events need the project's key"),
        ("phx_KEY", "Revoke the personal key"),
        ("phs_KEY", "Replace the secret key"),
        ("pha_KEY", "Revoke the token"),
        ("phr_KEY", "Revoke the token"),
        ("sk_live_KEY", "events need the project's key"),
        ("PHC_ABCDEFGHIJKLMNOP", "copy the key as PostHog shows it"),
        ("KEY\u{200b}", "was something else pasted?"),
        ("a key", "was something else pasted?"),
    ];
    let mut taken = Vec::new();
    for (value, fix) in cases {
        let value = value.replace("_KEY", "_abcdefghijklmZz8Qw7Er6Ty5nopq").replace("KEY", KEY);
        let value = value.replace("POSTHOG_API_abcdefghijklmZz8Qw7Er6Ty5nopq", "POSTHOG_API_KEY");
        for variable in ["POSTHOG_PROJECT_TOKEN", "POSTHOG_API_KEY", "POSTHOG_PROJECT_API_KEY"] {
            let Err(errors) = AnalyticsConfig::from_vars([(variable, value.as_str())]) else {
                taken.push(value.clone());
                continue;
            };
            let [error] = errors.errors() else { panic!("{value}: {errors}") };
            assert_eq!(error.setting(), variable, "{value}: {errors}");
            assert!(errors.to_string().contains(fix), "{value}: {errors}");
            assert!(!errors.to_string().contains("Zz8Qw7Er6Ty5"), "{value}: {errors}");
        }
        let mut config = AnalyticsConfig::default();
        config.posthog.key = Some(value.as_str().into());
        assert_eq!(config.explain().unwrap_err().errors()[0].setting(), "posthog.key", "{value}");
    }
    assert_eq!(taken, Vec::<String>::new(), "taken for a key");
}

#[test]
fn keys_of_old_projects_and_of_tests_are_keys_with_their_oddity() {
    for (key, oddity) in [
        (KEY, None),
        ("phc_test", Some("is shorter than PostHog's keys")),
        ("sTMFPsFhdP1Ssg", Some("does not begin with phc_")),
        ("mTSWsAxr2g1QrCmH9-Qr8h_2h7jMQ4lAqe5vUXp2fkA", Some("does not begin with phc_")),
    ] {
        let explanation = product_analytics::explain_vars([("POSTHOG_API_KEY", format!(" {key}\r\n"))]).unwrap();
        assert_eq!(explanation.chosen[0].target.as_ref().unwrap().key_oddity, oddity, "{key}");
    }
}
