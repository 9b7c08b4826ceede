//! A network of its own for a service: a namespace with one cable to this machine.

use std::fs;
use std::net::Ipv4Addr;
use std::path::PathBuf;
use std::process::Command;

use crate::programs::need;
use crate::unmet::{Unmet, ensure};

/// A network namespace, joined to this one by a pair of virtual devices. It is deleted when this is dropped.
#[derive(Debug)]
pub(super) struct Namespace {
    name: String,
    outside: String,
    /// The address of this machine, as a service in there sees it.
    pub(super) host: Ipv4Addr,
    /// Another address of this machine.
    pub(super) other_host: Ipv4Addr,
}

/// The device in there.
pub(super) const DEVICE: &str = "eth0";

impl Namespace {
    /// Makes one, with files that stand in for those of `/etc`, for a proof that also runs `programs` in there.
    ///
    /// # Errors
    /// [`Unmet::Skipped`] without root, the program `ip`, one of `programs`, or a kernel that has networks to give.
    pub(super) fn new(row: u8, programs: &[&str], etc: &[(&str, &str)]) -> Result<Self, Unmet> {
        need(&[&["ip"], programs].concat())?;
        let process = std::process::id();
        let name = format!("endurance-{process}-{row}");
        // Of the block that is set aside for tests of networks (RFC 2544); a /29 for each row of each process.
        let [_, _, high, low] = process.to_be_bytes();
        let net = |host: u8| Ipv4Addr::new(198, 18 + (high & 1), low, (row % 32) * 8 + host);
        let (outside, inside) = (format!("e{row}-{process}"), format!("i{row}-{process}"));
        let namespace = Self { name: name.clone(), outside: outside.clone(), host: net(1), other_host: net(2) };
        if !is_root() {
            return Err(Unmet::Skipped("needs root, for a network namespace".to_owned()));
        }
        run("ip", &["netns", "add", &name])?;
        run("ip", &["link", "add", &outside, "type", "veth", "peer", "name", &inside])?;
        run("ip", &["link", "set", &inside, "netns", &name, "name", DEVICE])?;
        for host in [namespace.host, namespace.other_host] {
            run("ip", &["addr", "add", &format!("{host}/29"), "dev", &outside])?;
        }
        run("ip", &["link", "set", &outside, "up"])?;
        run("ip", &["-n", &name, "addr", "add", &format!("{}/29", net(3)), "dev", DEVICE])?;
        run("ip", &["-n", &name, "link", "set", DEVICE, "up"])?;
        run("ip", &["-n", &name, "link", "set", "lo", "up"])?;
        if !etc.is_empty() {
            fs::create_dir_all(namespace.etc())?;
        }
        for (file, text) in etc {
            namespace.write(file, text)?;
        }
        Ok(namespace)
    }

    /// Writes a file that stands in for one of `/etc`. What is overwritten changes under who has it open.
    pub(super) fn write(&self, file: &str, text: &str) -> Result<(), Unmet> {
        Ok(fs::write(self.etc().join(file), text)?)
    }

    /// A command that runs `command` in there.
    pub(super) fn command(&self, command: &Command) -> Command {
        let mut inside = Command::new("ip");
        inside.args(["netns", "exec", &self.name]).arg(command.get_program()).args(command.get_args());
        inside
    }

    /// Runs a program in there.
    pub(super) fn run(&self, program: &str, arguments: &[&str]) -> Result<(), Unmet> {
        let inside = ["netns", "exec", &self.name, program];
        run("ip", &[&inside, arguments].concat())
    }

    /// Lets both directions pass so many bits a second and no more.
    pub(super) fn shape(&self, rate: &str) -> Result<(), Unmet> {
        let bucket = ["root", "tbf", "rate", rate, "burst", "4kb", "latency", "500ms"];
        run("tc", &[&["qdisc", "add", "dev", &self.outside], bucket.as_slice()].concat())?;
        self.run("tc", &[&["qdisc", "add", "dev", DEVICE], bucket.as_slice()].concat())
    }

    /// Drops, without a word, what passes this hook, `input` or `output`, and matches: `tcp dport 80`, say.
    ///
    /// Who sends a datagram that is dropped on its way out is told; one whose answer is dropped is not.
    pub(super) fn swallow(&self, hook: &str, what: &str) -> Result<(), Unmet> {
        let chain = format!("add chain inet endurance {hook} {{ type filter hook {hook} priority 0; }}");
        self.run("nft", &["add table inet endurance"])?;
        self.run("nft", &[&chain])?;
        self.run("nft", &[&format!("add rule inet endurance {hook} {what} drop")])
    }

    /// Lets everything pass again.
    pub(super) fn stop_swallowing(&self) -> Result<(), Unmet> {
        self.run("nft", &["delete table inet endurance"])
    }

    fn etc(&self) -> PathBuf {
        PathBuf::from("/etc/netns").join(&self.name)
    }
}

impl Drop for Namespace {
    fn drop(&mut self) {
        // One that was never made has nothing to delete.
        drop(Command::new("ip").args(["netns", "del", &self.name]).output());
        drop(Command::new("ip").args(["link", "del", &self.outside]).output());
        fs::remove_dir_all(self.etc()).unwrap_or_default();
    }
}

fn is_root() -> bool {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    status.lines().any(|line| line.starts_with("Uid:") && line.split_whitespace().nth(2) == Some("0"))
}

/// What a kernel says that does not let this process change networks, or has no part for it.
const REFUSALS: [&str; 4] =
    ["Operation not permitted", "Operation not supported", "Unknown device type", "Protocol not supported"];

/// Runs a program that changes the network.
fn run(program: &str, arguments: &[&str]) -> Result<(), Unmet> {
    let output = Command::new(program).args(arguments).output()?;
    let said = String::from_utf8_lossy(&output.stderr);
    if REFUSALS.iter().any(|refusal| said.contains(refusal)) {
        return Err(Unmet::Skipped(format!("needs a kernel that lets it change networks: {}", said.trim())));
    }
    ensure(output.status.success(), || format!("{program} {}: {}", arguments.join(" "), said.trim()))
}
