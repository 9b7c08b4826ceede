//! One binary, several backends: the environment chooses.

use std::collections::HashSet;
use std::fs;
use std::path::Path;

use analytics_inspector::{Inspector, InspectorOptions};

use crate::PATIENCE;
use crate::browser::Browser;
use crate::process::Running;

#[tokio::test]
async fn events_go_to_the_host_that_the_environment_names() {
    let inspectors = [(); 2].map(|()| Inspector::start(InspectorOptions::default()).unwrap());
    for (index, inspector) in inspectors.iter().enumerate() {
        let url = inspector.url();
        let service = Running::start(&[
            ("POSTHOG_API_KEY", "phc_of_the_environment"),
            ("POSTHOG_HOST", &url),
            ("ANALYTICS_ENVIRONMENT", "staging"),
            ("ANALYTICS_FLUSH_AT", "5"),
        ]);
        Browser::new(service.url(), "s1", Some("u1")).do_everything().await;
        assert!(inspector.wait_for(5, PATIENCE));

        let event = &inspector.events()[0];
        assert_eq!(event.property("environment").unwrap(), "staging");
        assert_eq!(event.property("source").unwrap(), "chat_copilot");
        assert_eq!(inspector.requests()[0].api_key.as_deref(), Some("phc_of_the_environment"));
        assert_eq!(inspectors[1].totals().events_accepted, if index == 0 { 0 } else { 5 });
    }
    assert_eq!(inspectors[0].totals().events_accepted, 5);
}

#[tokio::test]
async fn the_log_backend_writes_each_event_as_a_line() {
    let mut service = Running::start(&[("ANALYTICS_BACKEND", "log")]);
    Browser::new(service.url(), "s1", Some("u1")).do_everything().await;
    let line = service.line("u1 copilot_message_sent");
    assert!(line.contains("u1 copilot_message_sent session_id=s1 message_length=25 source=chat_copilot"), "{line}");
}

#[tokio::test]
async fn without_a_key_it_says_how_to_see_events_and_opens_neither_thread_nor_socket() {
    let mut service = Running::start(&[]);
    let hint = service.line("there is no project key");
    assert!(hint.contains("ANALYTICS_BACKEND=inspector") && hint.contains("ANALYTICS_BACKEND=log"), "{hint}");
    Browser::new(service.url(), "s1", Some("u1")).do_everything().await;

    if !Path::new("/proc/self/task").exists() {
        return eprintln!("not checked: there is no /proc here that tells threads and sockets");
    }
    assert!(!delivers(&service), "{:?}", threads(&service));
    let ports = local_ports(&service);
    assert!(ports.contains(&service.port()), "{ports:?}");
    assert_eq!(ports, HashSet::from([service.port()]));

    // The same look at a service that does deliver sees what it should.
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    let url = inspector.url();
    let service =
        Running::start(&[("POSTHOG_API_KEY", "phc_test"), ("POSTHOG_HOST", &url), ("ANALYTICS_FLUSH_AT", "5")]);
    Browser::new(service.url(), "s1", Some("u1")).do_everything().await;
    assert!(inspector.wait_for(5, PATIENCE));
    assert!(delivers(&service), "{:?}", threads(&service));
    assert!(local_ports(&service).len() > 1);
}

/// Whether the service has the worker's thread. The system cuts names at 15 characters.
fn delivers(service: &Running) -> bool {
    threads(service).iter().any(|name| name.starts_with("analytics"))
}

fn threads(service: &Running) -> Vec<String> {
    let tasks = fs::read_dir(format!("/proc/{}/task", service.pid())).unwrap();
    // A thread may end meanwhile.
    tasks.filter_map(|task| fs::read_to_string(task.ok()?.path().join("comm")).ok()).collect()
}

/// The local ports of all internet sockets that the service has open.
fn local_ports(service: &Running) -> HashSet<u16> {
    let links = fs::read_dir(format!("/proc/{}/fd", service.pid())).unwrap();
    let open: HashSet<_> = links
        .filter_map(|link| fs::read_link(link.ok()?.path()).ok())
        .filter_map(|target| Some(target.to_str()?.strip_prefix("socket:[")?.strip_suffix(']')?.to_owned()))
        .collect();
    ["tcp", "tcp6", "udp", "udp6"]
        .iter()
        .filter_map(|protocol| fs::read_to_string(format!("/proc/{}/net/{protocol}", service.pid())).ok())
        .flat_map(|table| table.lines().skip(1).filter_map(|line| port(line, &open)).collect::<Vec<_>>())
        .collect()
}

/// The local port in a line of the table, if its socket is one of these.
fn port(line: &str, open: &HashSet<String>) -> Option<u16> {
    let fields: Vec<_> = line.split_whitespace().collect();
    let [_, local, _, _, _, _, _, _, _, inode, ..] = &fields[..] else { return None };
    let (_, port) = local.rsplit_once(':')?;
    open.contains(*inode).then(|| u16::from_str_radix(port, 16).ok())?
}
