//! The program, in processes of their own with an environment of their own, against servers on this machine.

#![allow(clippy::panic, clippy::unwrap_used, reason = "helpers of tests may")]

mod clock;
mod command_line;
mod configuration;
mod network;
mod nowhere;
mod refusals;
mod server;
// Elsewhere the system's own store says whom to trust, which no variable changes.
#[cfg(all(unix, not(target_vendor = "apple")))]
mod tls;
mod well;

use std::path::PathBuf;
use std::process::Command;

/// A key that no output may show.
const KEY: &str = "phc_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

/// A file that the program reads, in a folder that any user may write to; gone with this.
struct TextFile(PathBuf);

impl TextFile {
    fn new(name: &str, text: &str) -> Self {
        let path = std::env::temp_dir().join(format!("analytics-doctor-{}-{name}", std::process::id()));
        std::fs::write(&path, text).unwrap();
        Self(path)
    }

    fn path(&self) -> &str {
        self.0.to_str().unwrap()
    }
}

impl Drop for TextFile {
    fn drop(&mut self) {
        std::fs::remove_file(&self.0).unwrap_or_default();
    }
}

/// What the program said and with which code it ended.
struct Said {
    code: i32,
    text: String,
    complaint: String,
}

/// Runs the program with these variables and no others.
fn doctor(variables: &[(&str, &str)], arguments: &[&str]) -> Said {
    let mut command = Command::new(env!("CARGO_BIN_EXE_analytics-doctor"));
    let output = command.env_clear().envs(variables.iter().copied()).args(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    let complaint = String::from_utf8(output.stderr).unwrap();
    for shown in [&text, &complaint] {
        assert!(!shown.contains(KEY.get(10..20).unwrap()), "a key is shown: {shown}");
    }
    Said { code: output.status.code().unwrap(), text, complaint }
}

/// Runs the program for a service that has the key and sends to this address.
fn sending_to(url: &str, arguments: &[&str]) -> Said {
    doctor(&[("POSTHOG_API_KEY", KEY), ("POSTHOG_HOST", url)], arguments)
}

impl Said {
    /// The text with the server's address and the times masked.
    fn masked(&self, url: &str) -> String {
        let address = url.split_once("://").unwrap().1;
        let lines = self.text.replace(address, "HOST");
        let masked = lines.lines().map(|line| match line.rsplit_once("   ") {
            Some((rest, time)) if time.ends_with(" ms") => format!("{rest}   N ms"),
            _ => line.to_owned(),
        });
        masked.collect::<Vec<_>>().join("\n")
    }

    /// The line of a check.
    fn line(&self, check: &str) -> &str {
        let is_it = |line: &&str| line.split_whitespace().nth(1) == Some(check);
        self.text.lines().find(is_it).unwrap_or_else(|| panic!("no {check} in {}", self.text))
    }

    /// The checks that were told of, in their order.
    fn checks(&self) -> Vec<&str> {
        let levels = ["ok ", "warn ", "fail "];
        let lines = self.text.lines().filter(|line| levels.iter().any(|level| line.starts_with(level)));
        lines.filter_map(|line| line.split_whitespace().nth(1)).collect()
    }

    fn verdict(&self) -> &str {
        self.text.lines().last().unwrap()
    }
}
