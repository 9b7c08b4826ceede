//! Addresses as people write them.

use proptest::prelude::*;

use super::{DEFAULT_HOST, Host, InvalidHost, Region};
use crate::text::InvalidText;

const EU_HOST: &str = "https://eu.i.posthog.com";

/// The error, which has a fix and does not show what may be secret.
fn refused(text: &str) -> InvalidHost {
    let error = Host::parse(text).err().unwrap_or_else(|| panic!("{text} is taken for a host"));
    let message = error.to_string();
    let (problem, fix) = message.split_once("; ").unwrap_or_else(|| panic!("{text}: no fix in {message}"));
    assert!(!problem.is_empty() && !fix.is_empty() && !message.contains("secret"), "{text}: {message}");
    error
}

fn all_are(expected: &InvalidHost, texts: &[&str]) {
    for text in texts {
        assert_eq!(refused(text), *expected, "{text}");
    }
}

#[test]
fn an_address_is_mapped_to_the_one_that_takes_events() {
    for (text, expected, region) in [
        ("us", DEFAULT_HOST, Region::Us),
        ("EU", EU_HOST, Region::Eu),
        (" https://eu.i.posthog.com/ \r\n", EU_HOST, Region::Eu),
        ("http://127.0.0.1:8010", "http://127.0.0.1:8010", Region::Local),
        ("http://[::1]:8010/", "http://[::1]:8010", Region::Local),
        ("http://localhost:8010", "http://localhost:8010", Region::Local),
        ("https://example.com/ingest/", "https://example.com/ingest", Region::SelfHosted),
    ] {
        let host = Host::parse(text).unwrap();
        assert_eq!((host.to_string().as_str(), host.region()), (expected, region), "{text}");
    }
    assert_eq!(Host::default().to_string(), DEFAULT_HOST);
    let url = Host::parse("https://example.com/ingest").unwrap().url("batch/");
    assert_eq!(url.as_str(), "https://example.com/ingest/batch/");
}

#[test]
fn posthogs_own_hosts_are_known_in_every_spelling() {
    for (word, expected, region) in [("us", DEFAULT_HOST, Region::Us), ("eu", EU_HOST, Region::Eu)] {
        let names = ["R.i.posthog.com", "R.posthog.com", "www.R.posthog.com", "R.i.posthog.com.", "R.I.PostHog.com"];
        let servers =
            ["R-assets.i.posthog.com", "R-proxy-direct.i.posthog.com", "R-api.i.posthog.com", "R-assets.posthog.com"];
        for name in names.into_iter().chain(servers).chain(["R"]) {
            let name = name.replace('R', word);
            for text in [
                format!("https://{name}"),
                format!("http://{name}/"),
                format!("HTTPS://{name}//"),
                format!("https://{name}:443"),
                format!("http://{name}:80/"),
                format!("http://{name}:443"),
            ] {
                let host = Host::parse(&text).unwrap_or_else(|error| panic!("{text}: {error}"));
                assert_eq!((host.to_string().as_str(), host.region()), (expected, region), "{text}");
            }
        }
    }
    for text in ["https://app.posthog.com", "http://www.app.posthog.com/", "https://app.i.posthog.com"] {
        assert_eq!(Host::parse(text).unwrap().region(), Region::Us, "{text}");
    }
    all_are(&InvalidHost::NoRegion, &["https://posthog.com", "https://www.posthog.com/docs", "http://i.posthog.com"]);
    // Somebody else's, and a server of PostHog's that nobody here knows.
    for text in ["https://eu.i.posthog.com.example.com", "https://myposthog.com", "https://t.posthog.com"] {
        assert_eq!(Host::parse(text).unwrap().region(), Region::SelfHosted, "{text}");
    }
}

#[test]
fn posthogs_cloud_has_no_paths_and_one_port() {
    let eu = || EU_HOST.to_owned();
    for (endpoint, text) in [
        ("/batch", "https://eu.posthog.com/batch/"),
        ("/capture", "https://eu.i.posthog.com/capture/"),
        ("/i/v0/e", "http://EU.i.posthog.com/i/v0/e"),
        ("/static/array.js", "https://eu-assets.i.posthog.com/static/array.js"),
    ] {
        assert_eq!(refused(text), InvalidHost::Endpoint { endpoint, address: eu() }, "{text}");
    }
    let pages =
        ["https://eu.posthog.com/project/123", "https://eu.i.posthog.com/ingest", "https://www.eu.posthog.com/x"];
    all_are(&InvalidHost::CloudPath(eu()), &pages);
    let us = InvalidHost::CloudPath(DEFAULT_HOST.to_owned());
    all_are(&us, &["https://app.posthog.com/project/123", "https://us-proxy-direct.i.posthog.com/x", "https://us/x"]);
    all_are(&InvalidHost::CloudPath("https://t.posthog.com".to_owned()), &["https://t.posthog.com/x"]);
    all_are(&InvalidHost::CloudPort(eu()), &["https://eu.i.posthog.com:8000", "http://eu.posthog.com:8080/"]);
}

#[test]
fn an_endpoint_is_named_and_the_path_of_a_proxy_is_kept() {
    for endpoint in [
        "/batch",
        "/capture",
        "/track",
        "/engage",
        "/decide",
        "/flags",
        "/i/v0/e",
        "/i/v0",
        "/i/v1",
        "/i/v0/ai",
        "/i/v0/ai/batch",
        "/i/v0/ai/otel",
        "/i/v1/ai/events",
        "/i/v1/analytics/events",
        "/api/event",
        "/static/array.js",
    ] {
        for (written, address) in [
            (format!("https://example.com{endpoint}"), "https://example.com"),
            (format!("https://example.com{endpoint}/"), "https://example.com"),
            (format!("https://example.com/ingest/{}//", endpoint.to_uppercase()), "https://example.com/ingest"),
            (format!("http://127.0.0.1:8010{endpoint}"), "http://127.0.0.1:8010"),
        ] {
            let error = refused(&written);
            assert_eq!(error, InvalidHost::Endpoint { endpoint, address: address.to_owned() }, "{written}");
            assert!(error.to_string().contains(&format!("ends in {endpoint}, ")), "{error}");
        }
    }
    let page = InvalidHost::Page("https://posthog.example.com".to_owned());
    all_are(&page, &["https://posthog.example.com/project/1", "https://posthog.example.com/project/12/events"]);
    for path in [
        "/ingest",
        "/e",
        "/ph",
        "/ingest/v1",
        "/batches",
        "/my-e",
        "/mybatch",
        "/e2",
        "/project/x",
        "/batch/of/mine",
        "/a,b",
        "/a;b",
    ] {
        let text = format!("https://example.com{path}");
        assert_eq!(Host::parse(&text).unwrap().to_string(), text);
    }
    // A proxy's path alone, an endpoint after another path, and on PostHog's own hosts.
    assert_eq!(Host::parse("https://example.com/e/").unwrap().to_string(), "https://example.com/e");
    for (text, address) in
        [("https://example.com/ingest/e/", "https://example.com/ingest"), ("https://us.i.posthog.com/e/", DEFAULT_HOST)]
    {
        assert_eq!(refused(text), InvalidHost::Endpoint { endpoint: "/e", address: address.to_owned() });
    }
}

#[test]
fn what_stands_around_an_address_is_to_be_taken_off() {
    let quoted = ["\"https://eu.i.posthog.com\"", "'eu'", "“https://eu.i.posthog.com”", "https://eu.i.posthog.com\""];
    all_are(&InvalidText::Quoted.into(), &quoted);
    let lines = ["POSTHOG_HOST=https://eu.i.posthog.com", "export POSTHOG_HOST=eu", "POSTHOG_HOST: eu", "host=eu"];
    all_are(&InvalidText::Assignment.into(), &lines);
    let places = [
        "${POSTHOG_HOST}",
        "POSTHOG_HOST",
        "https://POSTHOG_HOST/",
        "$POSTHOG_HOST",
        "https://${HOST}",
        "https://$HOST/ingest",
        "https://<host>",
        "{{ .Values.host }}",
        "<ph_client_api_host>",
        "%POSTHOG_HOST%",
        "https://%HOST%/",
        "https://{host}/ingest",
        "https://your-domain.com",
        "https://www.yourdomain.com/ingest",
        "https://your-instance.posthog.com",
        "https://example.com/${PATH}",
    ];
    all_are(&InvalidText::Placeholder.into(), &places);
    all_are(
        &InvalidHost::Separator,
        &["<https://eu.i.posthog.com>", "https://eu.i.posthog.com,", "eu;", "https://example.com;"],
    );
    let several = [
        "https://eu.i.posthog.com,https://us.i.posthog.com",
        "https://a.example https://b.example",
        "https://https://eu.i.posthog.com",
        "eu.i.posthog.com; us.i.posthog.com",
        "us,eu",
        "http://https://a.example",
    ];
    all_are(&InvalidHost::Several, &several);
    let invisible =
        ["https://eu.i.\nposthog.com", "https://exa mple.com", "https://exam\u{200b}ple.com", "https://a\tb"];
    all_are(&InvalidHost::Character, &invisible);
}

#[test]
fn a_key_is_no_host_wherever_it_stands() {
    let keys = [
        "phc_secret",
        "PHX_secret",
        "https://phc_secret",
        "https://eu.i.posthog.com/phc_secret",
        "https://phs_secret.example.com",
        "https://user:phx_secret@example.com",
        "https://example.com/?api_key=phc_secret",
        "\"phc_secret\"",
    ];
    all_are(&InvalidHost::Key, &keys);
}

#[test]
fn what_is_no_address_is_refused_with_its_fix() {
    for (text, part) in [
        ("", "write it with its scheme"),
        ("eu.i.posthog.com", "write it with its scheme"),
        ("eu.i.posthog.com/batch", "write it with its scheme"),
        ("localhost:8010", "write it with its scheme"),
        ("none", "write it with its scheme"),
        ("xphc_secret", "(a key)"),
        ("EU Cloud", "write it with its scheme"),
        ("https://", "write it with its scheme"),
        ("ftp://example.com", "write https://"),
        ("http://example.com", "ANALYTICS_ALLOW_HTTP"),
        ("http://10.0.0.1", "clear text"),
        ("https://user:secret@example.com", "a user"),
        ("https://example.com/?token=secret", "a query"),
        ("https://example.com/#secret", "a fragment"),
        ("https://user:secret@eu.posthog.com", "a user"),
    ] {
        let error = refused(text).to_string();
        assert!(error.contains(part), "{text}: {error}");
    }
    assert!(Host::parse_allowing_http("http://example.com").is_ok());
    assert_eq!(Host::parse_allowing_http("http://eu.posthog.com").unwrap().to_string(), EU_HOST);
}

proptest! {
    #[test]
    fn what_is_taken_is_written_as_it_is_read(text in "\\PC{0,60}|https?://[a-zA-Z0-9.:/@%?#\\[\\] _-]{0,40}") {
        if let Ok(host) = Host::parse_allowing_http(&text) {
            prop_assert_eq!(Host::parse_allowing_http(&host.to_string()), Ok(host));
        }
    }
}
