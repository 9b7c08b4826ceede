//! Proxies that the environment names: that work, that ask for a password, that are dead.

use std::io::{self, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::process::Command;
use std::sync::{Arc, Mutex, PoisonError};
use std::thread;
use std::time::Duration;

use analytics_inspector::{Inspector, InspectorOptions, TlsCertificate};

use super::remote::{RemoteService, Reply, command};
use crate::server::{Server, Then};
use crate::service::{KEY, LONG, inspector};
use crate::{Figures, Outcome, Tier, Unmet, ensure};

/// A name that nobody can look up, so that only a proxy leads there. The capture server has a certificate for it.
const HOST: &str = "elsewhere.invalid";
/// A proxy's password, which is nobody's business either.
const PASSWORD: &str = "open-sesame";
const VARIABLES: [&str; 3] = ["HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"];

pub(super) fn from_the_environment(_: Tier) -> Outcome {
    let https = format!("https://{HOST}");
    let delivered = tunnelled(&https)?;
    for variable in ["HTTPS_PROXY", "ALL_PROXY"] {
        let proxy = Server::start(|_, stream| {
            stream.write_all(
                b"HTTP/1.1 407 Proxy Authentication Required\r\nProxy-Authenticate: Basic\r\nContent-Length: 0\r\n\r\n",
            )?;
            Ok(Then::Close)
        })?;
        is_kept(with_proxy(&[(variable, &proxy.url())])?, &https)?;
        is_asked_to_connect(&proxy, "407")?;
    }
    let dead = format!("http://user:{PASSWORD}@{}", dead_port()?);
    is_kept(with_proxy(&[("HTTPS_PROXY", &dead)])?, &https)?;
    let bystander = Server::start(|_, _| Ok(Then::Close))?;
    let url = bystander.url();
    is_kept(with_proxy(&[("HTTPS_PROXY", &url), ("NO_PROXY", HOST)])?, &https)?;
    let local = inspector()?;
    let everywhere = VARIABLES.map(|variable| (variable, url.as_str()));
    let reply = shut_down(with_proxy(&everywhere)?, &local.url())?;
    ensure(reply.number("delivered") == 10, || format!("to this machine: {reply:?}"))?;
    let passed = bystander.received().len();
    ensure(passed == 0, || format!("{passed} requests to a proxy that was not to be used"))?;
    let in_clear = clear_text()?;
    Ok(Figures::of("delivered through a tunnel", delivered)
        .and("bytes with the key on a proxy's plain socket", 0)
        .and("lost with 407 or a dead proxy", 0)
        .and("requests to an http host through a proxy", in_clear))
}

/// A proxy that works sees a name, a port and what it cannot read.
fn tunnelled(url: &str) -> Result<u64, Unmet> {
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
    ensure(reply.number("delivered") == 10, || format!("through the tunnel: {reply:?}"))?;
    ensure(inspector.totals().unique_events == 10, || inspector.totals().to_string())?;
    is_asked_to_connect(&proxy, "a tunnel")?;
    let relayed = relayed.lock().unwrap_or_else(PoisonError::into_inner);
    let is_seen = relayed.windows(KEY.len()).any(|window| window == KEY.as_bytes());
    ensure(!relayed.is_empty() && !is_seen, || "the key is in the clear in the tunnel".to_owned())?;
    Ok(reply.number("delivered"))
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

/// A host that was allowed to be reached without TLS is reached past all proxies, which would see the key.
fn clear_text() -> Result<usize, Unmet> {
    let proxy = Server::start(|_, stream| {
        stream.write_all(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}")?;
        Ok(Then::Next)
    })?;
    let url = proxy.url();
    let everywhere = VARIABLES.map(|variable| (variable, url.as_str()));
    is_kept(with_proxy(&everywhere)?, &format!("http://{HOST}"))?;
    let seen = proxy.received().len();
    ensure(seen == 0, || format!("{seen} requests in the clear through a proxy"))?;
    Ok(seen)
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
    service.track(10, 0)?;
    service.shutdown(LONG)
}

/// Nothing arrives and nothing is lost.
fn is_kept(command: Command, url: &str) -> Result<(), Unmet> {
    let mut service = RemoteService::started(command, url, &["compression=none"])?;
    service.track(10, 0)?;
    // A flush that only begins an attempt; what it came to the health tells.
    service.flush(Duration::from_millis(1))?;
    let reply = service.ask_until(LONG, |reply| reply.text("health") != "Ok")?;
    ensure((reply.number("pending"), reply.number("lost")) == (10, 0), || format!("{reply:?}"))?;
    let is_told = |text: &str| text.contains(PASSWORD) || text.contains(KEY);
    let told = service.log().iter().any(|line| is_told(line)) || is_told(reply.text("health"));
    ensure(!told, || "a log or health tells a key or a password".to_owned())
}

/// A proxy of an `https` host hears nothing but the host's name.
fn is_asked_to_connect(proxy: &Server, what: &str) -> Result<(), Unmet> {
    let received = proxy.received();
    let connect = format!("CONNECT {HOST}:443");
    let is_all = received.iter().all(|request| request.starts_with(connect.as_bytes()));
    ensure(is_all && !received.is_empty(), || format!("{what}: the proxy was asked for something else"))?;
    ensure(proxy.received_with(KEY) == 0, || format!("{what}: the proxy saw the key"))
}

/// A port that nobody listens on: one that was just given back.
fn dead_port() -> io::Result<SocketAddr> {
    TcpListener::bind("127.0.0.1:0")?.local_addr()
}
