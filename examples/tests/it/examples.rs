//! Every example as a program: it runs without a key, ends well, and prints what it should.
//!
//! Cargo builds the programs for `cargo test`; with `cargo test --test it` they may be missing or old.

use std::path::PathBuf;
use std::process::Command;

use analytics_inspector::{Inspector, InspectorOptions};

use crate::process::clean;

/// The example's program, in an environment that says nothing about analytics.
fn example(name: &str) -> Command {
    // Test executables lie in `deps`, beside `examples`.
    let test = std::env::current_exe().unwrap();
    let folder = test.parent().and_then(|deps| deps.parent()).unwrap().join("examples");
    let program: PathBuf = folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    assert!(program.is_file(), "{} is missing: run `cargo build --examples` first", program.display());
    clean(Command::new(program))
}

/// What it prints, if it ends well and complains of nothing.
pub(crate) fn output(name: &str, variables: &[(&str, &str)]) -> String {
    let output = example(name).env("NO_COLOR", "1").envs(variables.iter().copied()).output().unwrap();
    let printed = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    assert!(output.status.success(), "{name}: {}\n{printed}\n{complaint}", output.status);
    assert_eq!(complaint, "", "{name}");
    printed
}

#[test]
fn custom_events() {
    let address = r#"ship_to={"city":"Graz","country":"AT"}"#;
    let expected = format!(
        r#"The kinds of events, as the types declare them:
book_searched(query, formats, results, took_ms)
book_added(isbn, format, price_minor, currency)
coupon_applied(code, percent)
order_placed(order_id, total, isbns, coupon, ship_to, deliver_by)
order_cancelled(order_id, reason)
newsletter_left()
ticket_opened(order_id, email)

What the log sees:
anonymous_s1 book_searched query=crab formats=["paperback","audio_book"] results=3 took_ms=42 source=book_shop channel=web
ada book_added isbn=978-1 format=hardcover price_minor=4499 currency=EUR source=book_shop channel=web in company=acme
ada coupon_applied code=SPRING percent="12.50" source=book_shop channel=web in company=acme
ada order_placed order_id=7021 total={{"amount_minor":3936,"currency":"EUR"}} isbns=["978-1"] coupon=SPRING {address} deliver_by="2027-01-01T00:00:00.000Z" source=book_shop channel=web in company=acme
ada order_cancelled order_id=7021 reason=too_late channel=phone source=book_shop set cancelled_once=true in company=acme
42 order_cancelled order_id=7022 reason=other source=book_shop channel=web
42 ticket_opened email=bob@example.com source=book_shop channel=web
42 newsletter_left source=book_shop channel=web

What the partner sees:
ada book_added isbn=978-1 format=hardcover price_minor=4499 currency=EUR source=book_shop channel=web in company=acme
ada coupon_applied code=SPRING percent="12.50" source=book_shop channel=web in company=acme
ada order_placed order_id=7021 total={{"amount_minor":3936,"currency":"EUR"}} isbns=["978-1"] coupon=SPRING {address} deliver_by="<time>" source=book_shop channel=web in company=acme
ada order_cancelled order_id=7021 reason=too_late channel=phone source=book_shop set cancelled_once=true in company=acme
42 order_cancelled order_id=7022 reason=other source=book_shop channel=web
42 ticket_opened source=book_shop channel=web
42 newsletter_left source=book_shop channel=web

What became of it:
log: 8 captured · 8 delivered · 0 lost
partner: 8 captured · 7 delivered · 0 lost · 1 filtered
"#
    );
    assert_eq!(output("custom_events", &[]), expected);
}

#[test]
fn test_your_events() {
    let expected = "\
ada invitation_sent invitation_id=<id 1> team_id=t1 role=editor in team=t1
mailer invitation_reminded invitation_id=<id 1>
ada invitation_sent invitation_id=<id 2> team_id=t1 role=reader in team=t1
ada invitation_refused team_id=t1 reason=team_is_full in team=t1
bob identify from anonymous_s1 set_once invited_by=ada
bob invitation_accepted invitation_id=<id 1> team_id=t1 waited_hours=48
";
    assert_eq!(output("test_your_events", &[]), expected);
}

#[test]
fn custom_backend() {
    let printed = output("custom_backend", &[]);
    let lines: Vec<_> = printed.lines().collect();
    let [refused, taken, events @ .., ledger] = &lines[..] else { panic!("{printed}") };
    let bytes = refused.strip_prefix("503 to ").expect(&printed);
    assert_eq!(*taken, format!("202 to {bytes}:"), "the second attempt sends the same bytes");
    assert_eq!(*ledger, "3 captured · 3 delivered · 0 lost · 2 requests · 1.3 kB → 1.4 kB");

    let events: Vec<serde_json::Value> = serde_json::from_str(&events.concat()).unwrap();
    assert_eq!(events.len(), 3);
    for (event, tool_name) in events.iter().zip(["search", "summarize", "translate"]) {
        let members: Vec<_> = event.as_object().unwrap().keys().map(String::as_str).collect();
        assert_eq!(members, ["at", "id", "properties", "what", "who"]);
        assert_eq!((&event["who"], &event["what"]), (&"anonymous_s1".into(), &"copilot_tool_called".into()));
        let expected = serde_json::json!({
            "session_id": "s1", "tool_name": tool_name, "tool_call_id": "c1", "environment": "demo"
        });
        assert_eq!(event["properties"], expected);
    }
}

#[test]
fn direct_sink() {
    let expected = "\
u1 copilot_message_sent session_id=s1 message_length=5
u1 copilot_message_sent session_id=s1 message_length=4
u1 copilot_message_sent session_id=s1 message_length=3
5 captured · 5 delivered · 0 lost
";
    assert_eq!(output("direct_sink", &[]), expected);
}

#[test]
fn sign_up() {
    let expected = r#"anonymous_s1 pricing_viewed page=/pricing
    $process_person_profile: false
u1 $identify
    $anon_distinct_id: "anonymous_s1"
    $set: {"email":"ada@example.com","plan":"free"}
    $set_once: {"first_page":"/pricing"}
u1 signed_up method=password
u1 $create_alias alias=anonymous_s0
$company_acme $groupidentify
    $group_type: "company"
    $group_key: "acme"
    $group_set: {"name":"Acme","seats":25}
u1 report_created rows=1204
    $groups: {"company":"acme"}
u1 report_created rows=7
    $set: {"plan":"pro"}
    $groups: {"company":"acme"}

7 captured, 7 delivered
"#;
    assert_eq!(output("sign_up", &[]), expected);
}

#[test]
fn tenants() {
    let expected = "\
phc_acme: u1 report_created rows=12
phc_globex: u1 report_created rows=7
phc_own: u1 report_created rows=3
3 captured, 3 delivered
";
    assert_eq!(output("tenants", &[]), expected);
}

#[test]
fn a_background_job_says_where_its_events_go() {
    let printed = output("background_job", &[]);
    let lines: Vec<_> = printed.lines().map(str::trim_start).collect();
    let [hint, log @ ..] = &lines[..] else { panic!("{printed}") };
    assert!(hint.contains("there is no project key") && hint.contains("ANALYTICS_BACKEND=log"), "{hint}");
    let expected = [
        "INFO background_job: 2 invoices sent, 2 not",
        "INFO analytics::core: 5 captured · 0 delivered · 0 lost · 5 disabled",
    ];
    assert_eq!(log, expected);

    let expected = " INFO analytics::config: events go to log (tracing, target analytics::events)
 INFO analytics::events: nightly_billing invoice_sent customer_id=1 total_minor=1250 currency=EUR
 INFO analytics::events: nightly_billing invoice_failed customer_id=2 reason=nothing_to_pay
 INFO analytics::events: nightly_billing invoice_failed customer_id=3 reason=no_address
 INFO analytics::events: nightly_billing invoice_sent customer_id=4 total_minor=20000 currency=EUR
 INFO background_job: 2 invoices sent, 2 not
 INFO analytics::events: nightly_billing billing_finished sent=2 failed=2
 INFO analytics::core: 5 captured · 5 delivered · 0 lost
";
    assert_eq!(output("background_job", &[("ANALYTICS_BACKEND", "log")]), expected);
}

#[test]
fn a_background_jobs_guard_delivers_its_events() {
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    output("background_job", &[("POSTHOG_API_KEY", "phc_of_a_test"), ("POSTHOG_HOST", &inspector.url())]);
    let events = inspector.events();
    assert_eq!(events.len(), 5);
    for event in events {
        assert_eq!(event.distinct_id, "nightly_billing");
        assert_eq!(event.property("$process_person_profile"), Some(false.into()), "a job is no person");
    }
}
