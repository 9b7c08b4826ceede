//! A real gateway, nginx, that answers with pages of its own while it is deployed.

use std::net::{SocketAddr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use analytics_posthog::{Health, Protocol};

use crate::figures::{Figures, time};
use crate::programs::need;
use crate::row::{Outcome, Tier};
use crate::service::{LONG, Service, all_arrived, config, inspector, wait_until};
use crate::unmet::{Unmet, ensure};

/// What a gateway that has no route yet, or another one, says.
const STATUSES: [u16; 5] = [404, 403, 400, 405, 401];
const A_SECOND: u32 = 100;

pub(super) fn while_it_is_deployed(tier: Tier) -> Outcome {
    need(&["nginx"])?;
    let each = tier.pick(Duration::from_secs(1), Duration::from_secs(12));
    let mut figures = Figures::of("statuses", STATUSES.len()).and("deployed for", time(each * 5));
    for protocol in [Protocol::V0, Protocol::V1] {
        let inspector = inspector()?;
        let gateway = Gateway::start(inspector.addr())?;
        let mut config = config(&gateway.url())?;
        config.options.protocol = protocol;
        let service = Service::start(config)?;
        for status in STATUSES {
            gateway.answer(Some(status))?;
            service.track_steadily(A_SECOND, each);
            let told = || match service.health() {
                Health::Failing { last, .. } => last.contains(&format!("status {status}, not PostHog's answer")),
                _ => false,
            };
            // The health is that of the last attempt, which a back-off may keep waiting.
            ensure(wait_until(LONG, told), || format!("{status}: {}", service.health()))?;
        }
        gateway.answer(None)?;
        let ledger = service.shutdown(LONG)?;
        all_arrived(&ledger, &inspector)?;
        figures = figures.and("events", ledger.captured()).and_none("lost", ledger.lost())?;
        figures = figures.and("requests", ledger.traffic().requests);
    }
    Ok(figures)
}

/// nginx in front of a server, with a folder of its own.
struct Gateway {
    child: Child,
    folder: PathBuf,
    port: u16,
    server: SocketAddr,
}

impl Gateway {
    fn start(server: SocketAddr) -> Result<Self, Unmet> {
        let folder = std::env::temp_dir().join(format!("analytics-endurance-gateway-{}", fastrand::u64(..)));
        std::fs::create_dir_all(&folder)?;
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        write_settings(&folder, port, server, None)?;
        let child = command(&folder).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
        let gateway = Self { child, folder, port, server };
        gateway.wait_for(None)?;
        Ok(gateway)
    }

    fn url(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// From now on it answers with its own page of this status, or passes requests on.
    fn answer(&self, status: Option<u16>) -> Result<(), Unmet> {
        write_settings(&self.folder, self.port, self.server, status)?;
        let reloaded = command(&self.folder).args(["-s", "reload"]).output()?;
        let said = String::from_utf8_lossy(&reloaded.stderr).into_owned();
        ensure(reloaded.status.success(), || format!("nginx -s reload: {said}"))?;
        self.wait_for(status)
    }

    /// Waits until the settings are in force, which a page that nobody else asks for tells.
    fn wait_for(&self, status: Option<u16>) -> Result<(), Unmet> {
        let expected = mark(status);
        let begun = Instant::now();
        while begun.elapsed() < LONG {
            if ask(self.port).is_ok_and(|answer| answer.ends_with(&expected)) {
                return Ok(());
            }
            std::thread::sleep(Duration::from_millis(5));
        }
        Err(Unmet::Failed(format!("nginx does not get to {expected:?}")))
    }
}

impl Drop for Gateway {
    fn drop(&mut self) {
        self.child.kill().unwrap_or_default();
        self.child.wait().map(drop).unwrap_or_default();
        std::fs::remove_dir_all(&self.folder).unwrap_or_default();
    }
}

fn command(folder: &Path) -> Command {
    let mut command = Command::new("nginx");
    command.arg("-p").arg(folder).arg("-c").arg(folder.join("nginx.conf")).arg("-e").arg(folder.join("error.log"));
    command
}

fn mark(status: Option<u16>) -> String {
    status.map_or_else(|| "passes".to_owned(), |status| format!("says {status}"))
}

fn write_settings(folder: &Path, port: u16, server: SocketAddr, status: Option<u16>) -> std::io::Result<()> {
    let what = match status {
        Some(status) => format!("return {status};"),
        None => format!("proxy_pass http://{server};"),
    };
    let temporary = ["client_body", "proxy", "fastcgi", "uwsgi", "scgi"]
        .map(|kind| format!("{kind}_temp_path {}/{kind};", folder.display()))
        .join(" ");
    let settings = format!(
        "daemon off; pid {0}/pid; worker_processes 1; events {{}}\n\
         http {{ access_log off; client_max_body_size 30m; {temporary}\n\
         server {{ listen 127.0.0.1:{port}; location = /settings {{ return 200 \"{1}\"; }} location / {{ {what} }} }} }}\n",
        folder.display(),
        mark(status),
    );
    std::fs::write(folder.join("nginx.conf"), settings)
}

fn ask(port: u16) -> std::io::Result<String> {
    use std::io::{Read, Write};
    let mut stream = std::net::TcpStream::connect(("127.0.0.1", port))?;
    stream.write_all(b"GET /settings HTTP/1.0\r\n\r\n")?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}
