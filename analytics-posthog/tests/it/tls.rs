//! Certificates, good and bad.

use std::io::{Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use analytics_core::{Analytics, AnalyticsSink as _, DropReason};
use analytics_inspector::{Inspector, InspectorOptions, TlsCertificate};
use analytics_posthog::{ApiKey, Health, Host, PostHogConfig, PostHogError, PostHogSink};
use reqwest::{Certificate, Client, redirect};

use crate::support::{LONG, attempt, config, inspector, spawn, track, wait_until};

/// Settings for a server with this certificate, and a client that trusts the server's CA.
fn trusting(inspector: &Inspector) -> PostHogConfig {
    let ca = Certificate::from_pem(inspector.tls_ca_pem().unwrap().as_bytes()).unwrap();
    let client = Client::builder().tls_certs_only([ca]).redirect(redirect::Policy::none()).no_proxy();
    config(&inspector.url()).with_client(client.build().unwrap())
}

fn start(certificate: TlsCertificate) -> Inspector {
    Inspector::start(InspectorOptions::default().with_tls(certificate)).unwrap()
}

#[test]
fn a_good_certificate_is_trusted() {
    let inspector = start(TlsCertificate::Valid);
    let analytics = Analytics::new(PostHogSink::spawn(trusting(&inspector)).unwrap());
    track(&analytics);
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
    assert_eq!(inspector.totals().unique_events, 1);
}

#[test]
fn a_bad_certificate_is_a_failure_that_may_pass_and_no_event_leaves() {
    for certificate in [TlsCertificate::SelfSigned, TlsCertificate::Expired, TlsCertificate::WrongHost] {
        let inspector = start(certificate);
        let sink = Arc::new(PostHogSink::spawn(trusting(&inspector)).unwrap());
        let analytics = Analytics::new(Arc::clone(&sink));
        track(&analytics);
        let ledger = attempt(&analytics);
        assert_eq!((ledger.pending(), ledger.lost()), (1, 0), "{certificate:?}: {ledger}");
        let health = sink.health();
        assert!(
            matches!(&health, Health::Failing { last, .. } if last.contains("ertificate")),
            "{certificate:?}: {health:?}"
        );
        let ledger = analytics.shutdown_blocking(Duration::ZERO);
        assert_eq!((ledger.dropped(DropReason::Abandoned), inspector.totals().requests), (1, 0), "{certificate:?}");
        // The server learns of it after the service.
        wait_until(|| inspector.failed_handshakes() > 0);
    }
}

/// Runs one test of this executable again, in a process whose environment says something else about TLS.
fn again(test: &str) -> Command {
    let mut command = Command::new(std::env::current_exe().unwrap());
    command.args(["--exact", &format!("tls::{test}"), "--nocapture"]).env(CHILD, "1");
    for name in ["ALL_PROXY", "HTTP_PROXY", "HTTPS_PROXY", "NO_PROXY", "SSL_CERT_FILE", "SSL_CERT_DIR"] {
        command.env_remove(name).env_remove(name.to_lowercase());
    }
    command
}

const CHILD: &str = "ANALYTICS_TEST_CHILD";
const URL: &str = "ANALYTICS_TEST_URL";
const KEY: &str = "phc_abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG";

fn is_child() -> bool {
    std::env::var_os(CHILD).is_some()
}

/// In a child: settings for the server that its parent names, with a key that is easily found.
fn named() -> PostHogConfig {
    let host = Host::parse_allowing_http(&std::env::var(URL).unwrap()).unwrap();
    let mut config = PostHogConfig::new(ApiKey::parse(KEY).unwrap(), host);
    config.options.allow_in_tests = true;
    config
}

fn succeeds(command: &mut Command) {
    let output = command.output().unwrap();
    let said = format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    assert!(output.status.success() && said.contains("1 passed"), "{said}");
    assert!(!said.contains(KEY), "the key is told: {said}");
}

/// A folder of this test's own, gone with it.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Self {
        let folder = std::env::temp_dir().join(format!("analytics-posthog-{name}-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        Self(folder)
    }

    fn file(&self, name: &str, text: &str) -> PathBuf {
        let path = self.0.join(name);
        std::fs::write(&path, text).unwrap();
        path
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        std::fs::remove_dir_all(&self.0).unwrap_or_default();
    }
}

#[test]
fn without_a_store_of_certificates_the_start_is_an_error_that_names_the_fix_and_no_panic() {
    if is_child() {
        let spawned = PostHogSink::spawn(named());
        if cfg!(any(feature = "bundled-roots", feature = "native-tls")) {
            assert!(spawned.is_ok(), "there are roots in the executable, or the library asks for them later");
        } else {
            let error = spawned.unwrap_err();
            assert!(matches!(error, PostHogError::Client(_)), "{error:?}");
            let text = error.to_string();
            assert!(text.contains("No CA certificates") && text.contains("bundled-roots"), "{text}");
        }
        // A server on this machine without TLS needs no roots.
        let inspector = inspector();
        let analytics = spawn(config(&inspector.url()));
        track(&analytics);
        assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
        return;
    }
    let folder = Folder::new("no-roots");
    let mut child = again("without_a_store_of_certificates_the_start_is_an_error_that_names_the_fix_and_no_panic");
    child.env("SSL_CERT_FILE", folder.0.join("none.pem")).env("SSL_CERT_DIR", &folder.0);
    succeeds(child.env(URL, "https://analytics.invalid"));
}

/// Whether a certificate is trusted that only the system's store vouches for.
const TRUSTS_SYSTEM: bool = cfg!(not(feature = "bundled-roots"));

/// OpenSSL does not find "localhost." in a certificate for "localhost".
const TRUSTS_DOT: bool = TRUSTS_SYSTEM && cfg!(any(feature = "rustls", not(feature = "native-tls")));

/// In a child: sends one event, which arrives, or is refused by this side.
fn send_one(arrives: bool) {
    let analytics = spawn(named());
    track(&analytics);
    let ledger = attempt(&analytics);
    assert_eq!((ledger.delivered(), ledger.pending()), if arrives { (1, 0) } else { (0, 1) }, "{ledger}");
}

#[test]
fn the_store_of_the_system_is_trusted_unless_roots_are_compiled_in() {
    if is_child() {
        return send_one(TRUSTS_SYSTEM);
    }
    let (inspector, folder) = (start(TlsCertificate::Valid), Folder::new("system"));
    let mut child = again("the_store_of_the_system_is_trusted_unless_roots_are_compiled_in");
    child.env("SSL_CERT_FILE", folder.file("ca.pem", &inspector.tls_ca_pem().unwrap()));
    succeeds(child.env("SSL_CERT_DIR", &folder.0).env(URL, inspector.url()));
    assert_eq!(inspector.totals().unique_events, u64::from(TRUSTS_SYSTEM));
}

#[cfg(all(feature = "rustls-no-provider", not(any(feature = "rustls", feature = "native-tls"))))]
#[test]
fn without_a_crypto_provider_the_start_is_an_error_that_names_the_fix_and_no_panic() {
    for host in ["https://analytics.invalid", "http://127.0.0.1:9"] {
        let mut config = config(host);
        config.options.allow_in_tests = true;
        let error = PostHogSink::spawn(config).unwrap_err();
        assert!(matches!(error, PostHogError::NoCryptoProvider), "{error:?}");
        assert!(error.to_string().contains("install_default"), "{error}");
    }
}

/// A proxy that knows `CONNECT`, leads every tunnel to `server`, and remembers what its clients send.
fn proxy(server: SocketAddr) -> (String, Arc<Mutex<Vec<u8>>>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let seen = Arc::new(Mutex::new(Vec::new()));
    let remembered = Arc::clone(&seen);
    thread::spawn(move || {
        for client in listener.incoming() {
            let remembered = Arc::clone(&remembered);
            thread::spawn(move || tunnel(client.unwrap(), server, &remembered));
        }
    });
    (url, seen)
}

/// Ends when either side does.
fn tunnel(mut client: TcpStream, server: SocketAddr, seen: &Mutex<Vec<u8>>) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && client.read(&mut byte).unwrap_or(0) == 1 {
        head.push(byte[0]);
    }
    seen.lock().unwrap().extend_from_slice(&head);
    let Ok(mut server) = TcpStream::connect(server) else { return };
    client.write_all(b"HTTP/1.1 200 Connected\r\n\r\n").unwrap_or_default();
    let (mut answers, mut to_client) = (server.try_clone().unwrap(), client.try_clone().unwrap());
    thread::spawn(move || std::io::copy(&mut answers, &mut to_client).unwrap_or_default());
    let mut buffer = [0; 4_096];
    while let Ok(read @ 1..) = client.read(&mut buffer) {
        seen.lock().unwrap().extend_from_slice(&buffer[..read]);
        server.write_all(&buffer[..read]).unwrap_or_default();
    }
}

#[test]
fn a_proxy_of_an_encrypted_host_sees_where_to_connect_and_no_more() {
    if is_child() {
        return send_one(TRUSTS_DOT);
    }
    let (inspector, folder) = (start(TlsCertificate::Valid), Folder::new("proxy"));
    let (proxy, seen) = proxy(inspector.addr());
    let mut child = again("a_proxy_of_an_encrypted_host_sees_where_to_connect_and_no_more");
    child.env("SSL_CERT_FILE", folder.file("ca.pem", &inspector.tls_ca_pem().unwrap()));
    child.env("SSL_CERT_DIR", &folder.0).env("HTTPS_PROXY", &proxy);
    // With its dot, the name is not known as this machine's; only the proxy looks it up.
    succeeds(child.env(URL, "https://localhost.:4433"));
    assert_eq!(inspector.totals().unique_events, u64::from(TRUSTS_DOT));
    let seen = seen.lock().unwrap();
    let text = String::from_utf8_lossy(&seen);
    assert!(text.starts_with("CONNECT localhost.:4433 HTTP/1.1\r\n"), "{text}");
    assert!(seen.len() > 300, "the tunnel carried TLS");
    for secret in [KEY, "copilot_tool_called", "/batch/"] {
        assert!(!text.contains(secret), "{secret}");
    }
}

#[test]
fn what_is_in_clear_text_passes_no_proxy() {
    if is_child() {
        let config = named();
        assert!(!config.host.is_loopback(), "else the test shows nothing");
        let analytics = spawn(config);
        track(&analytics);
        assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
        return;
    }
    let inspector = inspector();
    let (proxy, seen) = proxy(inspector.addr());
    let mut child = again("what_is_in_clear_text_passes_no_proxy");
    child.envs([("HTTP_PROXY", &proxy), ("http_proxy", &proxy), ("ALL_PROXY", &proxy)]);
    // An address of this machine that is not its loopback one.
    succeeds(child.env(URL, format!("http://0.0.0.0:{}", inspector.addr().port())));
    assert_eq!((inspector.totals().unique_events, seen.lock().unwrap().len()), (1, 0));
}

#[test]
fn a_client_of_the_services_own_is_the_one_that_sends() {
    let inspector = inspector();
    let client = Client::builder().tls_certs_only([]).no_proxy().user_agent("of-the-service/7").build().unwrap();
    let analytics = spawn(config(&inspector.url()).with_client(client));
    track(&analytics);
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
    assert_eq!(inspector.requests()[0].header("user-agent"), Some("of-the-service/7"));
}
