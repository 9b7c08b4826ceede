//! TLS that cannot be trusted, is too old, or has nothing to trust with.

use std::io::Write;
use std::time::Duration;

use analytics_core::DropReason;
use analytics_inspector::{Inspector, InspectorOptions, TlsCertificate};
use analytics_posthog::{Health, PostHogConfig};
use reqwest::{Certificate, Client, redirect};

use super::remote::{RemoteService, command};
use crate::server::{Server, Then};
use crate::service::{LONG, Service, config, wait_until};

/// For a flush that only begins an attempt.
const MOMENT: Duration = Duration::from_millis(1);
use crate::{Figures, Outcome, Tier, Unmet, ensure};

/// A `ServerHello` of TLS 1.0 with `TLS_RSA_WITH_AES_128_CBC_SHA`, as a server answers that knows nothing newer.
fn server_hello_of_tls_1_0() -> Vec<u8> {
    let hello = [[3, 1].as_slice(), &[7; 32], &[0, 0, 0x2f, 0]].concat();
    let length = u8::try_from(hello.len()).unwrap_or_default();
    [&[22, 3, 1, 0, length + 4, 2, 0, 0, length], hello.as_slice()].concat()
}

pub(super) fn bad(_: Tier) -> Outcome {
    let mut kept = 0;
    for certificate in [TlsCertificate::SelfSigned, TlsCertificate::Expired, TlsCertificate::WrongHost] {
        let inspector = Inspector::start(InspectorOptions::default().with_tls(certificate))?;
        is_kept(trusting(&inspector)?, "ertificate")?;
        ensure(inspector.totals().requests == 0, || format!("{certificate:?}: a request came through"))?;
        // The server learns of it after the service.
        let is_refused = wait_until(LONG, || inspector.failed_handshakes() > 0);
        ensure(is_refused, || format!("{certificate:?}: nobody objected"))?;
        kept += 1;
    }
    let valid = Inspector::start(InspectorOptions::default().with_tls(TlsCertificate::Valid))?;
    let service = Service::start(trusting(&valid)?)?;
    service.track();
    ensure(service.shutdown(LONG)?.delivered() == 1, || "a good certificate is not trusted".to_owned())?;
    let old = old_server()?;
    let url = old.url().replace("http:", "https:");
    is_kept(config(&url)?.with_client(client(None)?), "Tls12")?;
    ensure(!old.received().is_empty(), || "nobody tried the old server".to_owned())?;
    kept += 1;
    let without_roots = without_roots(&valid)?;
    Ok(Figures::of("kinds of bad TLS", kept)
        .and("events kept in each", "all")
        .and("requests let through", 0)
        .and("without a CA store", without_roots)
        .and("panics", 0))
}

/// Whatever a client says first is read as far as it goes and answered with the same words.
fn old_server() -> Result<Server, Unmet> {
    Ok(Server::start_raw(|_, stream| {
        stream.write_all(&server_hello_of_tls_1_0())?;
        Ok(Then::Close)
    })?)
}

fn client(ca_pem: Option<&str>) -> Result<Client, Unmet> {
    let builder = Client::builder().redirect(redirect::Policy::none()).no_proxy();
    let builder = match ca_pem {
        Some(pem) => builder.tls_certs_only([Certificate::from_pem(pem.as_bytes()).map_err(Unmet::failed)?]),
        None => builder,
    };
    builder.build().map_err(Unmet::failed)
}

/// Settings for a server whose CA is trusted, so that only the certificate's own fault is left.
fn trusting(inspector: &Inspector) -> Result<PostHogConfig, Unmet> {
    let ca = inspector.tls_ca_pem();
    Ok(config(&inspector.url())?.with_client(client(ca.as_deref())?))
}

/// Events for such a server wait, and health says why.
fn is_kept(config: PostHogConfig, cause: &str) -> Result<(), Unmet> {
    let host = config.host.to_string();
    let service = Service::start(config)?;
    service.track_many(10);
    service.flush(MOMENT)?;
    wait_until(LONG, || !service.health().is_ok());
    let ledger = service.ledger()?;
    ensure((ledger.pending(), ledger.lost()) == (10, 0), || format!("{host}: {ledger}"))?;
    let health = service.health();
    ensure(matches!(&health, Health::Failing { last, .. } if last.contains(cause)), || format!("{host}: {health:?}"))?;
    let ledger = service.shutdown(Duration::ZERO)?;
    ensure(ledger.dropped(DropReason::Abandoned) == 10, || format!("{host}: {ledger}"))
}

/// A machine without certificates, which is told by the constructor or by health, never by a panic. Then the same
/// with the server's CA as the system's only one.
fn without_roots(valid: &Inspector) -> Result<String, Unmet> {
    let folder = std::env::temp_dir().join(format!("endurance-roots-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let ca = folder.join("ca.pem");
    let mut empty = command()?;
    empty.env("SSL_CERT_FILE", folder.join("none.pem")).env("SSL_CERT_DIR", folder.join("none"));
    let (mut service, reply) = RemoteService::start(empty, &valid.url(), &[])?;
    let told = if reply.text("error").is_empty() {
        service.track(10, 0)?;
        service.flush(MOMENT)?;
        let kept = service.ask_until(LONG, |reply| reply.text("health") != "Ok")?;
        ensure((kept.number("pending"), kept.number("lost")) == (10, 0), || format!("{kept:?}"))?;
        ensure(kept.text("health").contains("ertificate"), || format!("{kept:?}"))?;
        "it starts, and health says it"
    } else {
        "the constructor says it"
    };
    let is_calm = !service.log().iter().any(|line| line.contains("panicked"));
    ensure(is_calm, || format!("it panicked: {:?}", service.log()))?;
    let status = if reply.text("error").is_empty() { service.end()?.success() } else { true };
    ensure(status, || "the process did not end well".to_owned())?;
    std::fs::write(&ca, valid.tls_ca_pem().unwrap_or_default())?;
    let mut with_ca = command()?;
    with_ca.env("SSL_CERT_FILE", &ca).env_remove("SSL_CERT_DIR");
    let mut service = RemoteService::started(with_ca, &valid.url(), &[])?;
    service.track(10, 0)?;
    let reply = service.shutdown(LONG)?;
    std::fs::remove_dir_all(&folder)?;
    ensure(reply.number("delivered") == 10, || format!("with the server's CA in the system's store: {reply:?}"))?;
    Ok(told.to_owned())
}
