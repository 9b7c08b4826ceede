//! Commands whose events all have to arrive.

use std::fs;
use std::path::PathBuf;
use std::process::Output;

use serde_json::{Value, json};

use crate::program::program;
use crate::{batch, event, events, uuid};

/// Sends a body to a path of the inspector, with nothing but a shell, and reads the answer.
const SEND: &str = r#"
    send() {
        exec 3<>"/dev/tcp/127.0.0.1/${POSTHOG_HOST##*:}"
        printf 'POST %s HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\nContent-Length: %s\r\n\r\n%s' "$1" "${#2}" "$2" >&3
        cat <&3 >/dev/null
    }
"#;

/// Checks a script, with these arguments before it and those behind it.
fn check(arguments: &[&str], script: &str, of_script: &[&str]) -> Output {
    let script = format!("{SEND}{script}");
    let command = ["--", "bash", "-c", &script, "bash"];
    program().arg("check").args(arguments).args(command).args(of_script).output().unwrap()
}

fn lines(output: &Output) -> Vec<String> {
    String::from_utf8(output.stderr.clone()).unwrap().lines().map(str::to_owned).collect()
}

/// A file for a report, which is removed when this is dropped.
struct ReportFile(PathBuf);

impl ReportFile {
    fn new(name: &str) -> Self {
        Self(std::env::temp_dir().join(format!("analytics-inspector-{name}-{}.json", std::process::id())))
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }

    fn read(&self) -> Value {
        serde_json::from_str(&fs::read_to_string(&self.0).unwrap()).unwrap()
    }
}

impl Drop for ReportFile {
    fn drop(&mut self) {
        fs::remove_file(&self.0).unwrap_or_default();
    }
}

#[test]
fn a_command_whose_events_all_arrive_passes_and_its_stdout_is_its_own() {
    let body = batch(&events(0..2));
    let output = check(&["--expect", "e"], r#"send /batch/ "$1"; echo out"#, &[&body]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(String::from_utf8_lossy(&output.stdout), "out\n");
    let expected = [
        "u e n=0",
        "u e n=1",
        &format!("requests 1 (refused 0), events 2 (unique 2, repeated 0), bytes {}", body.len()),
        "check: everything arrived",
    ];
    assert_eq!(lines(&output), expected);
}

#[test]
fn what_is_lost_ends_with_4_and_each_loss_is_a_line_with_its_fix() {
    let dropped = event(1)
        .replace(r#""event":"e""#, r#""event":"$identify""#)
        .replace(r#"{"n":1}"#, r#"{"$process_person_profile":false}"#);
    let refused = batch(&[event(2).replace(r#""distinct_id":"u","#, "")]);
    let file = ReportFile::new("lost");
    let script = r#"send /batch/ "$1"; send /batch/ "$2"; send /nowhere '{}'"#;
    let output = check(&["--report", file.path(), "--expect", "sign_up"], script, &[&batch(&[dropped]), &refused]);
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    let shown = lines(&output);
    let without_totals: Vec<&str> =
        shown.iter().filter(|line| !line.starts_with("requests ")).map(String::as_str).collect();
    let expected = [
        "dropped person_event_without_profile: u $identify",
        "refused 400 POST /batch/: event submitted without a distinct_id",
        "refused 404 POST /nowhere: no such path",
        "problem: refused POST /nowhere (request 3, status 404): unknown_path, no such path. Send events to /batch/, or \
         to /i/v1/analytics/events; the host is set without a path behind it.",
        "problem: lost (no actor) e (request 2, status 400): missing_distinct_id, event submitted without a \
         distinct_id. Send a distinct_id that is not empty with every event.",
        "problem: lost u $identify (request 1, status 200): person_event_without_profile. Leave \
         $process_person_profile: false out of $identify, $create_alias and $merge_dangerously, or leave the event \
         out: it has no effect without a person.",
        "problem: no event \"sign_up\": expected_event_missing. Capture it and flush before the program ends, or \
         correct the name after --expect; $identify arrived.",
        "check: 4 problems",
    ];
    assert_eq!(without_totals, expected);

    let report = file.read();
    let head = ["result", "exit_code", "command_exit_code", "missing", "matching", "complete"].map(|key| &report[key]);
    let expected = [json!("problems"), json!(4), json!(0), json!(["sign_up"]), json!(3), json!(true)];
    assert_eq!(head, expected.each_ref());
    assert_eq!(report["totals"]["requests_refused"], 2);
    let expected = json!({
        "request": 2, "status": 400, "endpoint": null, "event": "e", "uuid": uuid(2), "distinct_id": null,
        "reason": "missing_distinct_id", "details": "event submitted without a distinct_id",
        "fix": "Send a distinct_id that is not empty with every event.",
    });
    assert_eq!(report["problems"][1], expected);
}

#[test]
fn an_event_that_is_not_there_is_told_by_the_exit_code() {
    let output = check(&["--expect", "e"], ":", &[]);
    assert_eq!(output.status.code(), Some(3), "{output:?}");
    let shown = lines(&output);
    assert!(shown.last().unwrap().starts_with("check: no event arrived; capture one"), "{shown:?}");

    // That of another name is there.
    let output = check(&["--expect", "e", "--expect", "f"], r#"send /batch/ "$1""#, &[&batch(&[event(1)])]);
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    let shown = lines(&output);
    assert!(shown[2].starts_with("problem: no event \"f\": ") && shown[2].ends_with("; e arrived."), "{shown:?}");
    assert_eq!(shown.last().unwrap(), "check: 1 problem");
}

#[test]
fn a_command_that_fails_ends_with_its_own_code_whatever_arrived() {
    let file = ReportFile::new("failed");
    let output = check(&["--report", file.path()], r#"send /batch/ "$1"; exit 7"#, &[&batch(&[event(1)])]);
    assert_eq!(output.status.code(), Some(7), "{output:?}");
    assert_eq!(lines(&output).last().unwrap(), "check: the command ended with 7");
    let report = file.read();
    assert_eq!((&report["result"], &report["exit_code"]), (&json!("command_failed"), &json!(7)));
    let output = program().args(["check", "--", "/nowhere/there"]).output().unwrap();
    assert_eq!(output.status.code(), Some(127), "{output:?}");
}

#[test]
fn a_connection_that_is_open_when_the_command_has_ended_is_waited_for() {
    // What holds it sends only when the command is gone.
    let script = r#"
        exec 4<>"/dev/tcp/127.0.0.1/${POSTHOG_HOST##*:}"
        command=$$
        (
            while kill -0 "$command" 2>/dev/null; do :; done
            printf 'POST /batch/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: %s\r\n\r\n%s' "${#1}" "$1" >&4
            cat <&4 >/dev/null
        ) &
    "#;
    let output = check(&["--expect", "e"], script, &[&batch(&[event(1)])]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
}

#[test]
fn a_retry_that_comes_through_passes() {
    // The first one is refused for a fault that the command arms itself.
    let script = r#"send /api/faults '{"status": 503}'; send /batch/ "$1"; send /batch/ "$1""#;
    let output = check(&[], script, &[&batch(&[event(1)])]);
    assert_eq!(output.status.code(), Some(0), "{output:?}");
    assert_eq!(lines(&output)[0], "refused 503 POST /batch/: fault status");
    let script = r#"send /api/faults '{"status": 503}'; send /batch/ "$1""#;
    assert_eq!(check(&[], script, &[&batch(&[event(1)])]).status.code(), Some(4));
}

#[test]
fn of_many_problems_the_first_hundred_are_lines_and_the_file_has_all() {
    let wrong: Vec<String> = events(0..130).iter().map(|event| event.replace(r#""distinct_id":"u","#, "")).collect();
    let file = ReportFile::new("many");
    let output = check(&["--report", file.path()], r#"send /batch/ "$1""#, &[&batch(&wrong)]);
    let shown = lines(&output);
    assert_eq!(shown.iter().filter(|line| line.starts_with("problem: lost ")).count(), 100);
    assert!(shown.contains(&"… 30 more problems; --report FILE has them".to_owned()), "{shown:?}");
    assert_eq!(shown.last().unwrap(), "check: 130 problems");
    assert_eq!(file.read()["problems"].as_array().unwrap().len(), 130);
}

#[test]
fn what_is_no_longer_remembered_was_not_checked_and_does_not_pass() {
    let output = check(&["--capacity", "1"], r#"send /batch/ "$1""#, &[&batch(&events(0..2))]);
    assert_eq!(output.status.code(), Some(4), "{output:?}");
    assert!(lines(&output).iter().any(|line| line.contains("Raise --capacity")), "{output:?}");
}

#[test]
fn a_report_that_cannot_be_written_and_arguments_that_are_wrong_are_told() {
    let output = check(&["--report", "/nowhere/there"], r#"send /batch/ "$1""#, &[&batch(&[event(1)])]);
    assert_eq!(output.status.code(), Some(1));
    let shown = lines(&output);
    assert!(shown.last().unwrap().contains("the report cannot be written to /nowhere/there: "), "{shown:?}");
    assert_eq!(program().arg("check").output().unwrap().status.code(), Some(2));
}
