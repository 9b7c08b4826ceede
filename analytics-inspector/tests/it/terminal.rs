//! What the program prints of text from elsewhere.

use std::io::{BufRead, BufReader, Read as _, Write as _};
use std::net::{SocketAddr, TcpListener};
use std::process::{Command, Stdio};
use std::thread;

use serde_json::json;

use crate::batch;
use crate::client::{post, request};
use crate::program::{Running, program, serving};

/// Characters that a terminal obeys, or that nobody sees, by what they are.
const HOSTILE: [(&str, &[char]); 11] = [
    ("C0 controls", &['\0', '\u{7}', '\u{8}', '\t', '\n', '\r', '\u{1b}', '\u{1f}', '\u{7f}']),
    ("C1 controls", &['\u{80}', '\u{85}', '\u{90}', '\u{9b}', '\u{9d}', '\u{9f}']),
    ("direction", &['\u{61c}', '\u{200e}', '\u{200f}', '\u{202a}', '\u{202e}', '\u{2066}', '\u{2069}']),
    ("zero width", &['\u{200b}', '\u{200c}', '\u{200d}', '\u{2060}', '\u{feff}', '\u{34f}', '\u{180e}']),
    ("tags", &['\u{e0001}', '\u{e0020}', '\u{e0041}', '\u{e007f}']),
    ("selectors", &['\u{fe00}', '\u{fe0f}', '\u{e0100}', '\u{e01ef}', '\u{180b}']),
    ("fillers", &['\u{115f}', '\u{1160}', '\u{3164}', '\u{ffa0}', '\u{2800}', '\u{17b4}']),
    ("spaces", &['\u{a0}', '\u{1680}', '\u{2003}', '\u{202f}', '\u{205f}', '\u{3000}', '\u{2028}', '\u{2029}']),
    ("format", &['\u{ad}', '\u{600}', '\u{70f}', '\u{2061}', '\u{206f}', '\u{fff9}', '\u{1bca0}', '\u{1d173}']),
    ("private and unassigned", &['\u{e000}', '\u{f8ff}', '\u{ffff}', '\u{f0000}', '\u{10ffff}', '\u{378}']),
    ("deprecated", &['\u{206a}', '\u{206b}', '\u{2065}', '\u{e0fff}', '\u{fff0}']),
];

/// More marks on one character than a line of text has room for.
const FLOOD: &str = "a\u{301}\u{302}\u{303}\u{304}\u{305}\u{306}\u{307}\u{308}\u{309}\u{30a}";

/// Whether a line shows it as it is. A line break at the end is the line's own.
fn is_raw(line: &str) -> bool {
    let line = line.strip_suffix('\n').unwrap_or(line);
    let is_hostile = |character| HOSTILE.iter().any(|(_, characters)| characters.contains(&character));
    let mut suspects = line.chars().filter(|character| !matches!(character, ' '..='~'));
    suspects.any(is_hostile) || line.contains("\u{305}\u{306}")
}

/// An event for each of the characters, which is in its name, its actor, its properties and in what they hold; then
/// events of 4 MB.
fn events() -> Vec<String> {
    let hostile = HOSTILE.iter().flat_map(|(_, characters)| characters.iter().map(char::to_string));
    let event = |text: String| {
        let properties = json!({ format!("k{text}"): format!("v{text}"), "nested": {format!("k{text}"): [text]} });
        json!({"event": format!("e{text}"), "distinct_id": format!("u{text}"), "properties": properties}).to_string()
    };
    let large = |text: &str| {
        let properties = json!({"k": text.repeat(4_000_000 / text.len())});
        json!({"event": "large", "distinct_id": "u", "properties": properties}).to_string()
    };
    hostile.chain([FLOOD.to_owned()]).map(event).chain([large("x"), large("\u{1b}[2J"), large("\u{e0041}")]).collect()
}

/// Sends them, has requests refused for a reason that quotes each of the characters, and then sends an event that is
/// the last.
fn send(addr: SocketAddr) {
    let headers = crate::v1::headers();
    let headers: Vec<_> = headers.iter().map(|(name, value)| (*name, value.as_str())).collect();
    for character in HOSTILE.iter().flat_map(|(_, characters)| characters.iter()) {
        let event = json!({
            "uuid": format!("x{character}x"), "event": "e", "distinct_id": "u", "timestamp": "2026-01-02T03:04:05Z",
        });
        let body = json!({"created_at": "2026-01-02T03:04:05Z", "batch": [event]}).to_string();
        let answer = request(addr, "POST", crate::v1::PATH, &headers, body.as_bytes());
        assert_eq!(answer.status, 400, "{}", answer.body);
    }
    let end = json!({"event": "the_end", "distinct_id": "u"}).to_string();
    for event in events().into_iter().chain([end]) {
        let answer = post(addr, "/batch", batch(&[event]));
        assert_eq!(answer.status, 200, "{}", answer.body);
    }
}

/// The lines up to the one that is the last.
fn lines_to_the_end(reader: impl BufRead) -> Vec<String> {
    let mut lines = Vec::new();
    for line in reader.lines() {
        let line = line.unwrap();
        let is_end = line.contains("the_end");
        lines.push(line);
        if is_end {
            return lines;
        }
    }
    unreachable!("no end in {lines:?}");
}

/// What `tail` prints of the events, once it is there.
fn tailed(addr: SocketAddr, format: &str) -> Vec<String> {
    let arguments = ["tail", "--port", &addr.port().to_string(), "--format", format];
    let mut tail = Running(program().args(arguments).stdout(Stdio::piped()).spawn().unwrap());
    let mut shown = BufReader::new(tail.0.stdout.take().unwrap());
    let is_there = std::sync::atomic::AtomicBool::new(false);
    thread::scope(|scope| {
        scope.spawn(|| {
            // Whether the tail is there already nobody can tell, so events come until one is shown.
            while !is_there.load(std::sync::atomic::Ordering::Relaxed) {
                post(addr, "/batch", batch(&[json!({"event": "waiting", "distinct_id": "u"}).to_string()]));
            }
            send(addr);
        });
        shown.read_line(&mut String::new()).unwrap();
        is_there.store(true, std::sync::atomic::Ordering::Relaxed);
        lines_to_the_end(&mut shown).into_iter().filter(|line| !line.contains("waiting")).collect()
    })
}

/// What the program prints on its error output when it is run with these arguments.
fn complaint(arguments: &[&str]) -> Vec<String> {
    let output = program().args(arguments).output().unwrap();
    String::from_utf8(output.stderr).unwrap().lines().map(str::to_owned).collect()
}

/// A server that is no inspector, and says so in a way that a terminal would obey. Serves one caller.
fn other_server(answer: String) -> String {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port().to_string();
    thread::spawn(move || {
        let (mut caller, _) = listener.accept().unwrap();
        let mut request = [0; 1_024];
        assert!(caller.read(&mut request).unwrap() > 0);
        caller.write_all(answer.as_bytes()).unwrap_or_default();
    });
    port
}

#[test]
fn the_terminal_shows_no_hostile_character_and_no_line_beyond_1_kib() {
    let hostile: String = HOSTILE.iter().flat_map(|(_, characters)| characters.iter()).chain(&['x']).collect();
    let on_one_line = hostile.replace('\n', "");
    let (server, lines, addr) = serving(&["--port", "0"]);
    let printed = thread::spawn(move || lines_to_the_end(lines));
    send(addr);
    let mut shown = vec![("serve", printed.join().unwrap())];
    drop(server);

    let (_server, lines, addr) = serving(&["--port", "0"]);
    // Somebody has to read what it prints.
    thread::spawn(move || lines.lines().count());
    shown.push(("tail", tailed(addr, "human")));
    let json = tailed(addr, "json");
    assert!(json.iter().all(|line| serde_json::from_str::<serde_json::Value>(line).is_ok()), "no JSON");
    assert!(!json.iter().any(|line| is_raw(line)), "raw in JSON");

    let script = r#"exec 3<>"/dev/tcp/127.0.0.1/${POSTHOG_HOST##*:}"; cat "$1" >&3; cat <&3 >/dev/null"#;
    let body = batch(&events());
    let request =
        format!("POST /batch/ HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: {}\r\n\r\n", body.len());
    let file = std::env::temp_dir().join(format!("analytics-inspector-terminal-{}", std::process::id()));
    std::fs::write(&file, request + &body).unwrap();
    shown.push(("run", complaint(&["run", "--", "bash", "-c", script, "bash", file.to_str().unwrap()])));
    std::fs::remove_file(&file).unwrap();

    let not_found = format!("HTTP/1.1 404 {on_one_line}{}\r\n\r\n", "x".repeat(100_000));
    shown.push(("tail of another server", complaint(&["tail", "--port", &other_server(not_found)])));
    let without_nul = on_one_line.replace('\0', "");
    let long = "x".repeat(100_000);
    for (name, arguments) in [
        ("an unknown argument", vec![without_nul.as_str()]),
        ("a wrong value", vec!["--port", &without_nul]),
        ("a command that is not there", vec!["run", "--", &without_nul]),
        ("a long argument", vec![long.as_str()]),
    ] {
        shown.push((name, complaint(&arguments)));
    }
    let answer = format!("HTTP/1.0 200 OK\r\n\r\n{on_one_line}\n{}\n", "x".repeat(100_000));
    let output = program().args(["tail", "--port", &other_server(answer)]).output().unwrap();
    let lines = String::from_utf8(output.stdout).unwrap();
    shown.push(("lines of another server", lines.lines().map(str::to_owned).collect()));

    let characters = hostile.chars().count() - 1;
    let count = shown.iter().map(|(_, lines)| lines.len()).sum::<usize>();
    let raw = shown.iter().flat_map(|(_, lines)| lines).filter(|line| is_raw(line)).count();
    let longest = shown.iter().flat_map(|(_, lines)| lines).map(|line| line.len() + 1).max().unwrap();
    for name in ["serve", "tail"] {
        let lines = &shown.iter().find(|(of, _)| *of == name).unwrap().1;
        let refused = lines.iter().filter(|line| line.starts_with("refused 400 POST /i/v1/analytics/events: ")).count();
        assert_eq!(refused, characters, "{name}");
    }
    for (name, lines) in &shown {
        let found: Vec<_> = lines.iter().filter(|line| is_raw(line) || line.len() >= 1_024).collect();
        assert!(!lines.is_empty() && found.is_empty(), "{name}: {found:?}");
    }
    println!("figure: hostile characters {characters}, lines {count}, raw {raw}, longest line {longest} bytes");
    assert!(count > 3 * characters, "only {count} lines");
}

#[test]
fn a_stream_for_people_is_escaped_whoever_reads_it() {
    let inspector = crate::inspector();
    send(inspector.addr());
    let mut curl =
        crate::client::send(inspector.addr(), "GET", "/api/stream?format=human&since=0&refused=true", &[], b"");
    let mut reader = BufReader::new(&mut curl);
    let mut head = String::new();
    while !head.ends_with("\r\n\r\n") {
        reader.read_line(&mut head).unwrap();
    }
    let lines = lines_to_the_end(reader);
    // Chunks have their sizes between the lines.
    assert!(lines.iter().all(|line| !is_raw(line.trim_end_matches('\r')) && line.len() <= 1_024), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains(r"uuid: x\u{202e}x")), "{lines:?}");
    assert!(lines.iter().any(|line| line.contains(r"u\u{202e} e\u{202e} k\u{202e}=v\u{202e}")), "{lines:?}");
}

#[test]
fn json_on_a_terminal_is_cut_at_1_kib() {
    // It gives a program a terminal.
    if Command::new("script").arg("--version").output().is_err() {
        return crate::skip("needs the program script (package bsdutils), for a terminal");
    }
    let answer = format!("HTTP/1.0 200 OK\r\n\r\n{{\"k\":\"{}\"}}\n", "x".repeat(4_000_000));
    let command =
        format!("{} tail --format json --port {}", env!("CARGO_BIN_EXE_analytics-inspector"), other_server(answer));
    let output = Command::new("script").args(["--quiet", "--command", &command, "/dev/null"]).output().unwrap();
    let shown = String::from_utf8_lossy(&output.stdout);
    let line = shown.lines().next().expect("a line");
    assert!(line.starts_with("{\"k\":\"xxx") && line.len() <= 1_023 && line.ends_with('…'), "{} bytes", line.len());
}
