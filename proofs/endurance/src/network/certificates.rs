//! TLS that cannot be trusted, is too old, or has nothing to trust with.

use std::io::Write;
use std::time::Duration;

use analytics_core::DropReason;
use analytics_inspector::{Inspector, InspectorOptions, TlsCertificate};
use analytics_posthog::{Health, PostHogConfig};
use reqwest::{Certificate, Client, redirect};

use super::remote::{RemoteService, command};
use crate::figures::Figures;
use crate::row::{Outcome, Tier};
use crate::server::{Server, Then};
use crate::service::{LONG, Service, config, wait_until};
use crate::unmet::{Unmet, ensure};

/// For a flush that only begins an attempt.
const MOMENT: Duration = Duration::from_millis(1);
/// Of each service.
const EVENTS: u64 = 10;

/// A `ServerHello` of TLS 1.0 with `TLS_RSA_WITH_AES_128_CBC_SHA`, as a server answers that knows nothing newer.
fn server_hello_of_tls_1_0() -> Vec<u8> {
    let hello = [[3, 1].as_slice(), &[7; 32], &[0, 0, 0x2f, 0]].concat();
    let length = u8::try_from(hello.len()).unwrap_or_default();
    [&[22, 3, 1, 0, length + 4, 2, 0, 0, length], hello.as_slice()].concat()
}

pub(super) fn bad(_: Tier) -> Outcome {
    let (mut kinds, mut not_kept, mut let_through) = (0, 0, 0);
    for certificate in [TlsCertificate::SelfSigned, TlsCertificate::Expired, TlsCertificate::WrongHost] {
        let inspector = Inspector::start(InspectorOptions::default().with_tls(certificate))?;
        not_kept += left_after_an_attempt(trusting(&inspector)?, "ertificate")?;
        let_through += inspector.totals().requests;
        // The server learns of it after the service.
        let is_refused = wait_until(LONG, || inspector.failed_handshakes() > 0);
        ensure(is_refused, || format!("{certificate:?}: nobody objected"))?;
        kinds += 1;
    }
    let valid = Inspector::start(InspectorOptions::default().with_tls(TlsCertificate::Valid))?;
    let service = Service::start(trusting(&valid)?)?;
    service.track();
    ensure(service.shutdown(LONG)?.delivered() == 1, || "a good certificate is not trusted".to_owned())?;
    let old = old_server()?;
    let url = old.url().replace("http:", "https:");
    not_kept += left_after_an_attempt(config(&url)?.with_client(client(None)?), "Tls12")?;
    ensure(!old.received().is_empty(), || "nobody tried the old server".to_owned())?;
    kinds += 1;
    let (without_roots, panics) = without_roots(&valid)?;
    Figures::of("kinds of bad TLS", kinds)
        .and("events of each", EVENTS)
        .and_none("not kept", not_kept)?
        .and_none("requests let through", let_through)?
        .and("without a CA store", without_roots)
        .and_none_of("panics then", &panics)
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

/// Events for such a server wait, and health says why. Returns how many do not wait.
fn left_after_an_attempt(config: PostHogConfig, cause: &str) -> Result<u64, Unmet> {
    let host = config.host.to_string();
    let service = Service::start(config)?;
    service.track_many(EVENTS);
    service.flush(MOMENT)?;
    wait_until(LONG, || !service.health().is_ok());
    let not_kept = EVENTS.abs_diff(service.ledger()?.pending());
    let health = service.health();
    ensure(matches!(&health, Health::Failing { last, .. } if last.contains(cause)), || format!("{host}: {health:?}"))?;
    let ledger = service.shutdown(Duration::ZERO)?;
    ensure(ledger.dropped(DropReason::Abandoned) == EVENTS, || format!("{host}: {ledger}"))?;
    Ok(not_kept)
}

/// A machine without certificates, which is told by the constructor or by health, never by a panic. Then the same
/// with the server's CA as the system's only one. Returns who tells, and the log's lines about panics.
fn without_roots(valid: &Inspector) -> Result<(&'static str, Vec<String>), Unmet> {
    let folder = std::env::temp_dir().join(format!("endurance-roots-{}", std::process::id()));
    std::fs::create_dir_all(&folder)?;
    let ca = folder.join("ca.pem");
    let mut empty = command()?;
    empty.env("SSL_CERT_FILE", folder.join("none.pem")).env("SSL_CERT_DIR", folder.join("none"));
    let (mut service, reply) = RemoteService::start(empty, &valid.url(), &[])?;
    let told = if reply.text("error").is_empty() {
        service.track(EVENTS, 0)?;
        service.flush(MOMENT)?;
        let kept = service.ask_until(LONG, |reply| reply.text("health") != "Ok")?;
        ensure((kept.number("pending"), kept.number("lost")) == (EVENTS, 0), || format!("{kept:?}"))?;
        ensure(kept.text("health").contains("ertificate"), || format!("{kept:?}"))?;
        "it starts, and health says it"
    } else {
        "the constructor says it"
    };
    let panics = service.log().into_iter().filter(|line| line.contains("panicked")).collect();
    let status = if reply.text("error").is_empty() { service.end()?.success() } else { true };
    ensure(status, || "the process did not end well".to_owned())?;
    std::fs::write(&ca, valid.tls_ca_pem().unwrap_or_default())?;
    let mut with_ca = command()?;
    with_ca.env("SSL_CERT_FILE", &ca).env_remove("SSL_CERT_DIR");
    let mut service = RemoteService::started(with_ca, &valid.url(), &[])?;
    service.track(EVENTS, 0)?;
    let reply = service.shutdown(LONG)?;
    std::fs::remove_dir_all(&folder)?;
    ensure(reply.number("delivered") == EVENTS, || format!("with the server's CA in the system's store: {reply:?}"))?;
    Ok((told, panics))
}
