//! Proxies that the environment names: that work, that ask for a password, that are dead.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use analytics_inspector::{Inspector, InspectorOptions, TlsCertificate};

use super::remote::{RemoteService, Reply, command};
use crate::figures::Figures;
use crate::row::{Outcome, Tier};
use crate::server::{Server, Then};
use crate::service::{KEY, LONG, inspector};
use crate::unmet::{Unmet, ensure};

/// A name that nobody can look up, so that only a proxy leads there. The capture server has a certificate for it.
const HOST: &str = "elsewhere.invalid";
/// A proxy's password, which is nobody's business either.
const PASSWORD: &str = "open-sesame";
/// Of each service.
const EVENTS: u64 = 10;
const VARIABLES: [&str; 3] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

pub(super) fn from_the_environment(_: Tier) -> Outcome {
    let https = format!("https://{HOST}");
    let (delivered, mut keys) = tunnelled(&https)?;
    let mut not_kept = 0;
    for variable in ["HTTPS_PROXY", "ALL_PROXY"] {
        let proxy = Server::start(|_, stream| {
            stream.write_all(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
            )?;
            Ok(Then::Close)
        })?;
        not_kept += not_kept_by(with_proxy(&[(variable, &proxy.url())])?, &https)?;
        keys += keys_seen(&proxy, "407")?;
    }
    let dead = format!("http://user:{PASSWORD}@{}", dead_port()?);
    not_kept += not_kept_by(with_proxy(&[("HTTPS_PROXY", &dead)])?, &https)?;
    let bystander = Server::start(|_, _| Ok(Then::Close))?;
    let url = bystander.url();
    not_kept += not_kept_by(with_proxy(&[("HTTPS_PROXY", &url), ("NO_PROXY", HOST)])?, &https)?;
    let local = inspector()?;
    let everywhere = VARIABLES.map(|variable| (variable, url.as_str()));
    let reply = shut_down(with_proxy(&everywhere)?, &local.url())?;
    ensure(reply.number("delivered") == EVENTS, || format!("to this machine: {reply:?}"))?;
    let (in_clear, not_kept_in_clear) = clear_text()?;
    Figures::of("delivered through a tunnel", delivered)
        .and_none("times that the key was on a proxy's plain socket", keys)?
        .and_none("not kept with 407, a dead proxy or no way", not_kept + not_kept_in_clear)?
        .and_none("requests to a proxy that was not to be used", bystander.received().len())?
        .and_none("requests to an http host through a proxy", in_clear)
}

/// A proxy that works sees a name, a port and what it cannot read. Returns how many events were delivered through it,
/// and how often it saw the key.
fn tunnelled(url: &str) -> Result<(u64, usize), Unmet> {
    let inspector = Inspector::start(InspectorOptions::default().with_tls(TlsCertificate::WrongHost))?;
    let (behind, relayed) = (inspector.addr(), Arc::new(Mutex::new(Vec::new())));
    let kept = Arc::clone(&relayed);
    let proxy = Server::start(move |_, stream| tunnel(stream, behind, &kept))?;
    let folder = std::env::temp_dir().join(format!("endurance-proxy-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let ca = folder.join("ca.pem");
    std::fs::write(&ca, inspector.tls_ca_pem().unwrap_or_default())?;
    let mut command = with_proxy(&[("HTTPS_PROXY", &proxy.url())])?;
    command.env("SSL_CERT_FILE", &ca).env_remove("SSL_CERT_DIR");
    let reply = shut_down(command, url)?;
    std::fs::remove_dir_all(&folder)?;
    ensure(reply.number("delivered") == EVENTS, || format!("through the tunnel: {reply:?}"))?;
    ensure(inspector.totals().unique_events == EVENTS, || inspector.totals().to_string())?;
    let asked = keys_seen(&proxy, "a tunnel")?;
    let relayed = relayed.lock().unwrap_or_else(PoisonError::into_inner);
    ensure(!relayed.is_empty(), || "nothing went through the tunnel".to_owned())?;
    let passed = relayed.windows(KEY.len()).filter(|window| *window == KEY.as_bytes()).count();
    Ok((reply.number("delivered"), asked + passed))
}

/// Answers a `CONNECT`, and passes both directions on until both ends are closed.
fn tunnel(stream: &mut TcpStream, behind: SocketAddr, kept: &Arc<Mutex<Vec<u8>>>) -> io::Result<Then> {
    let mut server = TcpStream::connect(behind)?;
    stream.write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")?;
    let (mut from, mut to) = (server.try_clone()?, stream.try_clone()?);
    thread::spawn(move || io::copy(&mut from, &mut to));
    let mut buffer = [0; 16 * 1024];
    loop {
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            return Ok(Then::Close);
        }
        let bytes = buffer.get(..read).unwrap_or_default();
        kept.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        server.write_all(bytes)?;
    }
}

/// A host that was allowed to be reached without TLS is reached past all proxies, which would see the key. Returns how
/// many requests a proxy got, and how many events were not kept.
fn clear_text() -> Result<(usize, u64), Unmet> {
    let proxy = Server::start(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")?;
        Ok(Then::Next)
    })?;
    let url = proxy.url();
    let everywhere = VARIABLES.map(|variable| (variable, url.as_str()));
    let not_kept = not_kept_by(with_proxy(&everywhere)?, &format!("http://{HOST}"))?;
    Ok((proxy.received().len(), not_kept))
}

/// A service's command with these proxies and no others.
fn with_proxy(variables: &[(&str, &str)]) -> Result<Command, Unmet> {
    let mut command = command()?;
    for variable in VARIABLES.iter().chain(&["NO_PROXY"]) {
        command.env_remove(variable).env_remove(variable.to_lowercase());
    }
    command.envs(variables.iter().copied());
    Ok(command)
}

fn shut_down(command: Command, url: &str) -> Result<Reply, Unmet> {
    let mut service = RemoteService::started(command, url, &["compression=none"])?;
    service.track(EVENTS, 0)?;
    service.shutdown(LONG)
}

/// Nothing arrives. Returns how many events do not wait.
fn not_kept_by(command: Command, url: &str) -> Result<u64, Unmet> {
    let mut service = RemoteService::started(command, url, &["compression=none"])?;
    service.track(EVENTS, 0)?;
    // A flush that only begins an attempt; what it came to the health tells.
    service.flush(Duration::from_millis(1))?;
    let reply = service.ask_until(LONG, |reply| reply.text("health") != "Ok")?;
    let is_told = |text: &str| text.contains(PASSWORD) || text.contains(KEY);
    let told = service.log().iter().any(|line| is_told(line)) || is_told(reply.text("health"));
    ensure(!told, || "a log or health tells a key or a password".to_owned())?;
    Ok(EVENTS.abs_diff(reply.number("pending")))
}

/// A proxy of an `https` host hears nothing but the host's name. Returns how many requests had the key.
fn keys_seen(proxy: &Server, what: &str) -> Result<usize, Unmet> {
    let received = proxy.received();
    let connect = format!("CONNECT {HOST}:443");
    let is_all = received.iter().all(|request| request.starts_with(connect.as_bytes()));
    ensure(is_all && !received.is_empty(), || format!("{what}: the proxy was asked for something else"))?;
    Ok(proxy.received_with(KEY))
}

/// A port that nobody listens on: one that was just given back.
fn dead_port() -> io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}
