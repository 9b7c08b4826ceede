//! Every text that was ever taken for a key, each with the words of its fix.

use proptest::prelude::*;

use crate::api_key::{ApiKey, InvalidApiKey};
use crate::text::InvalidText;

/// What no error may show.
const HIDDEN: &str = "Zz8Qw7Er6Ty5";

fn cause(text: &str) -> InvalidApiKey {
    let text = text.replace("KEY43", "abcdefghijkmnopqrsZz8Qw7Er6Ty5uvwxyzABCDEFGHJ");
    match ApiKey::parse(&text) {
        Ok(_) => panic!("{text} is taken for a key"),
        Err(error) => {
            let message = error.to_string();
            assert!(!message.contains(HIDDEN) && !message.contains('\n'), "{text}: {message}");
            let fix = message.split_once("; ").unwrap_or_else(|| panic!("{text}: no fix in {message}"));
            assert!(!fix.0.is_empty() && !fix.1.is_empty(), "{text}: {message}");
            error
        }
    }
}

fn all_are(expected: InvalidApiKey, texts: &[&str]) {
    for text in texts {
        assert_eq!(cause(text), expected, "{text}");
    }
}

#[test]
fn what_stands_around_a_key_is_to_be_taken_off() {
    let quoted = [
        "\"phc_KEY43\"",
        "'phc_KEY43'",
        "`phc_KEY43`",
        "“phc_KEY43”",
        "‘phc_KEY43’",
        "«phc_KEY43»",
        "\"phc_KEY43",
        "phc_KEY43'",
        "\\\"phc_KEY43\\\"",
        "\"sTMFPsFhdP1Ssg\"",
        "''",
        "\"",
    ];
    all_are(InvalidText::Quoted.into(), &quoted);
    let lines = [
        "POSTHOG_API_KEY=phc_KEY43",
        "export POSTHOG_API_KEY=phc_KEY43",
        "POSTHOG_API_KEY=\"phc_KEY43\"",
        "export POSTHOG_API_KEY='phc_KEY43'",
        "POSTHOG_API_KEY: phc_KEY43",
        "api_key=phc_KEY43",
        "key:phc_KEY43",
        "POSTHOG_API_KEY = phc_KEY43",
        "set POSTHOG_API_KEY=phc_KEY43",
        "$env:POSTHOG_API_KEY=\"phc_KEY43\"",
        "-e POSTHOG_API_KEY=phc_KEY43",
        "--api-key=phc_KEY43".trim_start_matches('-'),
        "Authorization: Bearer phc_KEY43",
        "POSTHOG_API_KEY=sTMFPsFhdP1Ssg",
        "POSTHOG_API_KEY=${KEY}",
    ];
    all_are(InvalidText::Assignment.into(), &lines);
    all_are(InvalidApiKey::Scheme, &["Bearer phc_KEY43", "bearer phc_KEY43", "Token phc_KEY43", "Basic phc_KEY43"]);
    let json =
        ["{\"api_key\": \"phc_KEY43\"}", "{\"api_key\":\"phc_KEY43\"}", "[\"phc_KEY43\"]", "{'key': 'phc_KEY43'}"];
    all_are(InvalidApiKey::Json, &json);
    let separated = [
        "phc_KEY43,",
        "phc_KEY43;",
        "phc_KEY43.",
        "phc_KEY43:",
        ",phc_KEY43",
        ";phc_KEY43",
        "phc_KEY43\\",
        "phc_KEY43\\n",
        "phc_KEY43\\r",
        "phc_KEY43\\r\\n",
        "phc_KEY43)",
        "(phc_KEY43)",
        "[phc_KEY43]",
        "phc_KEY43/",
        "#phc_KEY43",
        "phc_KEY43=",
        "phc_KEY43|",
        "sTMFPsFhdP1Ssg,",
        "phc_KEY43\r,",
    ];
    all_are(InvalidApiKey::Separator, &separated);
    let several = [
        "phc_KEY43phc_KEY43",
        "phc_KEY43,phc_KEY43",
        "phc_KEY43 phc_KEY43",
        "phc_KEY43;phc_other123",
        "phc_testphc_test",
        "phc_KEY43\nphc_KEY43",
        "sTMFPsFhdP1Ssg,sTMFPsFhdP1Ssh",
        "sTMFPsFhdP1SsgKJhgWxyzsTMFPsFhdP1SsgKJhgWxyz",
    ];
    all_are(InvalidApiKey::Several, &several);
    let beside = [
        "phc_KEY43 # of production",
        "phc_KEY43;export OTHER=1",
        "phc_KEY43&host=eu",
        "a@b.c?api_key phc_KEY43",
        "phc_KEY43@eu",
    ];
    all_are(InvalidApiKey::Beside, &beside);
    all_are(InvalidApiKey::Separator, &["?api_key=phc_KEY43"]);
}

#[test]
fn a_place_for_a_key_is_to_be_filled() {
    let places = [
        "<ph_project_api_key>",
        "<ph_project_token>",
        "<your key>",
        "${POSTHOG_API_KEY}",
        "$POSTHOG_API_KEY",
        "${POSTHOG_API_KEY:-}",
        "${{ secrets.POSTHOG_API_KEY }}",
        "{{ .Values.key }}",
        "{{ index .Values \"key\" }}",
        "{{KEY}}",
        "%KEY%",
        "%POSTHOG_API_KEY%",
        "{KEY}",
        "__POSTHOG_API_KEY__",
        "@POSTHOG_API_KEY@",
        "#{PosthogKey}#",
        "((posthog-key))",
        "$(cat /run/secrets/posthog)",
        "<%= key %>",
        "!POSTHOG_API_KEY!",
        "op://vault/posthog/key",
        "vault:secret/data/posthog#key",
        "arn:aws:secretsmanager:eu-central-1:123456789012:secret:posthog",
        "@Microsoft.KeyVault(SecretUri=https://x.vault.azure.net/secrets/posthog)",
        "process.env.POSTHOG_API_KEY",
        "\"${POSTHOG_API_KEY}\"",
        "phc_$KEY",
        "phc_<key>",
        "phc_${KEY}",
    ];
    all_are(InvalidText::Placeholder.into(), &places);
    let examples = [
        "phc_your_key_here",
        "YOUR_API_KEY",
        "your-api-key",
        "Your API key",
        "phc_YOUR_PROJECT_API_KEY",
        "phc_yourkey",
        "changeme",
        "CHANGE_ME",
        "change-me",
        "phc_changeme",
        "phc_xxxxxxxx",
        "phc_XXXX",
        "xxx",
        "phc_xxxx-xxxx",
        "phc_000000",
        "phc_xxxxxxxxyyyyyyyy",
        "phc_placeholder",
        "placeholder",
        "replace_me",
        "phc_REPLACE_WITH_YOUR_KEY",
        "ph_project_api_key",
        "_YOUR_POSTHOG_PROJECT_API_KEY_",
        "POSTHOG_API_KEY",
        "POSTHOG_PROJECT_TOKEN",
        "api_key",
        "my-api-key",
        "TODO",
        "phc_todo",
        "FIXME",
        "insert-key-here",
        "phc_example",
        "phc_example_key",
        "[api key]",
        "phc_your",
        "env(POSTHOG_API_KEY)".trim_end_matches(')'),
    ];
    all_are(InvalidApiKey::Example, &examples);
    let words =
        ["none", "None", "null", "nil", "undefined", "true", "false", "off", "disabled", "noop", "key", "TOKEN"];
    all_are(InvalidApiKey::Word, &words);
    all_are(InvalidApiKey::Word, &["N/A", "[object Object]", "Bearer", "export"]);
    all_are(InvalidApiKey::Json, &["{}", "[]"]);
    let cut =
        ["phc_...", "phc_…", "phc_abcd…FG", "phc_...abcd", "phc_", "phc_****", "phc_abcd****", "********", "••••••••"];
    all_are(InvalidApiKey::Shortened, &cut);
    all_are(InvalidApiKey::Shortened, &["phc", "phc__", "phc_-"]);
}

#[test]
fn what_belongs_elsewhere_is_told_where() {
    let addresses = [
        "https://eu.i.posthog.com",
        "http://localhost:8010",
        "eu.i.posthog.com",
        "us.i.posthog.com/",
        "posthog.com",
        "us",
        "EU",
        "//eu.i.posthog.com",
        "localhost:8010",
        "10.0.0.1",
        "https://eu.i.posthog.com/batch/",
        "https://a.b/%20c",
    ];
    all_are(InvalidApiKey::Address, &addresses);
    let paths = [
        "/run/secrets/posthog",
        "./key",
        "../key.txt",
        "~/posthog-key",
        "C:\\secrets\\posthog",
        "file:/run/secrets/key",
        "/var/run/secrets/posthog.key",
    ];
    all_are(InvalidApiKey::Path, &paths);
    all_are(InvalidApiKey::Id, &["12345", "1", "0191f1a0-b2c3-7d4e-8f5a-6b7c8d9e0f1a"]);
}

#[test]
fn a_key_of_another_kind_is_refused_whatever_stands_around_it() {
    all_are(
        InvalidApiKey::Personal,
        &["phx_KEY43", "PHX_KEY43", "\"phx_KEY43\"", "POSTHOG_API_KEY=phx_KEY43", "phx_1"],
    );
    all_are(InvalidApiKey::ProjectSecret, &["phs_KEY43", "'phs_KEY43'", "Bearer phs_KEY43"]);
    all_are(InvalidApiKey::OAuth, &["pha_KEY43", "phr_KEY43", "phr_KEY43,"]);
    let others = [
        "sk-KEY43",
        "sk_live_KEY43",
        "pk_test_KEY43",
        "ghp_KEY43",
        "github_pat_KEY43",
        "glpat-KEY43",
        "xoxb-1-KEY43",
        "AKIAIOSFODNN7EXAMPLE",
        "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.KEY43",
    ];
    all_are(InvalidApiKey::OtherService, &others);
    all_are(InvalidApiKey::OtherService, &["G-ABC123DEF", "UA-1234567-8", "GTM-ABC12"]);
}

#[test]
fn a_key_that_something_was_done_to_is_not_taken() {
    // `phc_Zz8Qw7Er6Ty5`, and the same in quotes.
    all_are(InvalidApiKey::Encoded, &["cGhjX1p6OFF3N0VyNlR5NQ==", "InBoY19aejhRdzdFcjZUeTUi", "7068635f5a7a38517737"]);
    all_are(InvalidApiKey::Encoded, &["base64:cGhjX1p6OFF3N0VyNlR5NQ=="]);
    all_are(InvalidApiKey::Character, &["-", "_", "---", "___"]);
    all_are(InvalidApiKey::Capitals, &["PHC_ABCDEF", "Phc_abcdef"]);
    let strange =
        ["phc_a b", "phc_\u{0}a", "phc_ä", "phc_a\u{200b}b", "phc_a\u{a0}b", "phc_a\tb", "phc_a+b", "\u{feff}phc_abc"];
    all_are(InvalidApiKey::Character, &strange);
    all_are(InvalidApiKey::Blank, &["", " \t", "\r\n", "\u{a0}"]);
    let long = "aB".repeat(33);
    assert_eq!(cause(&long), InvalidApiKey::TooLong(66));
    assert_eq!(cause(&"p".repeat(65)), InvalidApiKey::TooLong(65));
}

#[test]
fn keys_of_every_age_and_those_of_tests_are_keys() {
    for text in [
        "phc_test",
        "phc_local",
        "phc_x",
        "phc_1",
        "phc_a",
        "phc_key",
        "phc_token",
        "phc_secret",
        "phc_demo",
        "phc_dummy",
        "phc_of_a_test",
        "phc_benchmark",
        "phc_abc123",
        "phc_1234567890",
        "test",
        "abc",
        "abcdefghij",
        "sTMFPsFhdP1Ssg",
        "phc_lcCzw9bYQHP2JaXMGnTFv4Zt8KdR6sU3jWxEh7gNyBq",
        // Of 43 bytes in URL-safe base64, as before there was a prefix.
        "mTSWsAxr2g1QrCmH9-Qr8h_2h7jMQ4lAqe5vUXp2fkA",
        "mTSWsAxr2g1QrCmH9-phr_2h7jMQ4lAqe5vUXp2fkAb",
        "mTSWsAxr2g1QrCm-phx_Qr8h2h7jMQ4lAqe5vUXp2fk",
        "AKIAsAxr2g1QrCmH9-Qr8h_2h7jMQ4lAqe5vUXp2fkA",
        " phc_test\r\n",
    ] {
        assert!(ApiKey::parse(text).is_ok(), "{text}: {:?}", ApiKey::parse(text));
    }
}

proptest! {
    /// PostHog's alphabets, by age: base 57 and base 62 behind `phc_`, and URL-safe base64 without it.
    #[test]
    fn what_posthog_makes_is_a_key(
        text in "phc_[2-9a-km-zA-HJ-NP-Z]{43,44}|phc_[0-9a-zA-Z]{42,43}|[A-Za-z0-9][A-Za-z0-9_-]{42}"
    ) {
        // One in a million of the oldest begins like a secret by chance, and may not be told from one.
        let begins_like_a_token = text.to_lowercase().starts_with("ph") && text.get(3..4) == Some("_");
        prop_assume!(text.starts_with("phc_") || !begins_like_a_token);
        prop_assert!(ApiKey::parse(&text).is_ok(), "{}: {:?}", text, ApiKey::parse(&text));
    }

    #[test]
    fn no_text_makes_it_panic_and_no_error_shows_it(text in "\\PC{0,80}|[a-zA-Z0-9_.:/=\"'${}<>%@ -]{1,60}") {
        if let Err(error) = ApiKey::parse(&text) {
            let is_shown = text.len() > 24 && error.to_string().contains(&text);
            prop_assert!(!is_shown, "{}", error);
        }
    }
}
