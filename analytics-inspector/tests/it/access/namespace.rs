//! An inspector in a network of its own, asked from the other end of a cable.

use std::io::{BufRead as _, BufReader};
use std::net::{Ipv4Addr, SocketAddr};
use std::process::{Command, Stdio};
use std::sync::atomic::{AtomicBool, Ordering};

use super::probe;
use crate::client::{post, request};
use crate::program::{Running, program};
use crate::{batch, event};

/// A network namespace, joined to this machine by a pair of virtual devices. It is deleted when this is dropped.
struct Namespace {
    name: String,
    outside: String,
    /// The address in there.
    inside_ip: Ipv4Addr,
}

impl Namespace {
    /// Makes one.
    ///
    /// # Errors
    /// What this machine lacks for that.
    fn new() -> Result<Self, String> {
        let id = std::process::id();
        let [_, _, high, low] = id.to_be_bytes();
        // Of the block that is set aside for tests of networks, its upper half.
        let net = |host: u8| Ipv4Addr::new(198, 19, high, (low & 0xfc) | host);
        let namespace = Self { name: format!("inspector-{id}"), outside: format!("xo-{id}"), inside_ip: net(2) };
        if !is_root() {
            return Err("needs root, for a network namespace".to_owned());
        }
        let (name, outside, inside) = (namespace.name.as_str(), namespace.outside.as_str(), format!("xi-{id}"));
        ip(&["netns", "add", name])?;
        ip(&["link", "add", outside, "type", "veth", "peer", "name", &inside])?;
        ip(&["link", "set", &inside, "netns", name])?;
        ip(&["addr", "add", &format!("{}/30", net(1)), "dev", outside])?;
        ip(&["link", "set", outside, "up"])?;
        ip(&["-n", name, "addr", "add", &format!("{}/30", namespace.inside_ip), "dev", &inside])?;
        ip(&["-n", name, "link", "set", &inside, "up"])?;
        ip(&["-n", name, "link", "set", "lo", "up"])?;
        Ok(namespace)
    }

    /// The program, in there.
    fn program(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new("ip");
        command.args(["netns", "exec", &self.name]).arg(program().get_program()).args(arguments);
        command
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // One that was never made has nothing to delete.
        drop(Command::new("ip").args(["netns", "del", &self.name]).output());
        drop(Command::new("ip").args(["link", "del", &self.outside]).output());
    }
}

fn is_root() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}

fn ip(arguments: &[&str]) -> Result<(), String> {
    let output = Command::new("ip")
        .args(arguments)
        .output()
        .map_err(|error| format!("needs the program ip (package iproute2): {error}"))?;
    let told = String::from_utf8_lossy(&output.stderr);
    if told.contains("Operation not permitted") {
        return Err(format!("needs the right to change networks: {}", told.trim()));
    }
    assert!(output.status.success(), "ip {}: {told}", arguments.join(" "));
    Ok(())
}

#[test]
fn from_another_machine_nothing_but_refusals_is_answered_without_the_token() {
    let namespace = match Namespace::new() {
        Ok(namespace) => namespace,
        Err(why) => return crate::skip(&why),
    };
    let (mut asked, mut let_in) = (0, Vec::new());
    let all = Ipv4Addr::UNSPECIFIED;
    for (listen, names) in [(namespace.inside_ip, &[][..]), (all, &["--allow-host", "inspector.test"])] {
        let listen_on = listen.to_string();
        let arguments = [&["--port", "0", "--listen", listen_on.as_str()], names].concat();
        let mut command = namespace.program(&arguments);
        let mut running = Running(command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap());
        let (mut start, mut warning) = (String::new(), String::new());
        BufReader::new(running.0.stderr.take().unwrap()).read_line(&mut warning).unwrap();
        let mut lines = BufReader::new(running.0.stdout.take().unwrap());
        lines.read_line(&mut start).unwrap();
        std::thread::spawn(move || lines.lines().count());
        let port = start.split([';', ' ']).find_map(|word| word.rsplit_once(':')?.1.parse().ok()).unwrap();
        let addr = SocketAddr::from((namespace.inside_ip, port));

        assert_eq!(post(addr, "/batch", batch(&[event(1)])).status, 200, "sending is for all");
        let (probes, answers) = probe(addr);
        asked += probes;
        let_in.extend(answers);
        let token = warning.split_once("/?token=").unwrap().1.split_whitespace().next().unwrap().to_owned();
        let bearer = format!("Bearer {token}");
        assert_eq!(request(addr, "GET", "/api/events", &[("Authorization", &bearer)], b"").json()["matching"], 1);
        if listen == all {
            assert!(is_tailed(&namespace, addr), "in there nobody needs a token");
        }
    }
    println!("figure: requests {asked}, answers other than 401, 403 and 404: {}", let_in.len());
    assert_eq!(let_in, Vec::<String>::new());
}

/// Whether `tail` on the machine of the inspector shows what arrives from elsewhere.
fn is_tailed(namespace: &Namespace, addr: SocketAddr) -> bool {
    let mut command = namespace.program(&["tail", "--port", &addr.port().to_string()]);
    let mut tail = Running(command.stdout(Stdio::piped()).spawn().unwrap());
    let is_shown = AtomicBool::new(false);
    std::thread::scope(|scope| {
        scope.spawn(|| {
            // Whether the tail is there already nobody can tell, so events come until one is shown.
            while !is_shown.load(Ordering::Relaxed) {
                assert_eq!(post(addr, "/batch", batch(&[event(7)])).status, 200);
            }
        });
        let mut line = String::new();
        BufReader::new(tail.0.stdout.take().unwrap()).read_line(&mut line).unwrap();
        is_shown.store(true, Ordering::Relaxed);
        line == "u e n=7\n"
    })
}
