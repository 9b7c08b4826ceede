//! Certificates that are good or bad on purpose.

use std::io::{self, Read as _, Write as _};
use std::net::TcpStream;
use std::sync::Arc;

use analytics_inspector::{Fault, Inspector, InspectorOptions, TlsCertificate};
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::pem::PemObject as _;
use tokio_rustls::rustls::pki_types::{CertificateDer, ServerName};
use tokio_rustls::rustls::{CertificateError, ClientConfig, ClientConnection, Error, RootCertStore, Stream};

use crate::{PATIENCE, batch, event};

fn inspector(certificate: TlsCertificate) -> Inspector {
    Inspector::start(InspectorOptions::default().with_tls(certificate)).unwrap()
}

/// Sends an event to a host of this name, trusting the inspector's CA.
fn send(inspector: &Inspector, host: &'static str) -> io::Result<String> {
    let ca = CertificateDer::from_pem_slice(inspector.tls_ca_pem().unwrap().as_bytes()).unwrap();
    let mut roots = RootCertStore::empty();
    roots.add(ca).unwrap();
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    let mut connection = ClientConnection::new(Arc::new(config), ServerName::try_from(host).unwrap()).unwrap();
    let mut tcp = TcpStream::connect(inspector.addr()).unwrap();
    tcp.set_read_timeout(Some(PATIENCE)).unwrap();
    let mut stream = Stream::new(&mut connection, &mut tcp);
    let body = batch(&[event(1)]);
    write!(
        stream,
        "POST /batch HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{body}",
        body.len()
    )?;
    let mut answer = String::new();
    stream.read_to_string(&mut answer)?;
    Ok(answer)
}

/// What the client has against the certificate.
fn objection(inspector: &Inspector, host: &'static str) -> CertificateError {
    let error = send(inspector, host).unwrap_err();
    let error = error.get_ref().and_then(|error| error.downcast_ref::<Error>()).expect("an error of TLS");
    let Error::InvalidCertificate(objection) = error else {
        unreachable!("{error:?}");
    };
    objection.clone()
}

#[test]
fn a_good_certificate_is_trusted_by_who_trusts_the_ca() {
    let inspector = inspector(TlsCertificate::Valid);
    assert_eq!(inspector.url(), format!("https://{}", inspector.addr()));
    for host in ["localhost", "127.0.0.1"] {
        let answer = send(&inspector, host).unwrap();
        assert!(answer.starts_with("HTTP/1.1 200 OK") && answer.ends_with(r#"{"status":"Ok"}"#), "{answer}");
    }
    assert_eq!((inspector.totals().events_accepted, inspector.failed_handshakes()), (2, 0));
}

/// Waits for the server to notice what the client has done.
fn failed_handshake(inspector: &Inspector) {
    let start = std::time::Instant::now();
    while inspector.failed_handshakes() == 0 {
        assert!(start.elapsed() < PATIENCE);
        std::thread::yield_now();
    }
    assert_eq!((inspector.totals().requests, inspector.failed_handshakes()), (0, 1));
}

#[test]
fn a_self_signed_certificate_has_an_unknown_issuer() {
    let inspector = inspector(TlsCertificate::SelfSigned);
    assert_eq!(objection(&inspector, "localhost"), CertificateError::UnknownIssuer);
    failed_handshake(&inspector);
}

#[test]
fn an_expired_certificate_has_no_other_fault() {
    let inspector = inspector(TlsCertificate::Expired);
    let objection = objection(&inspector, "localhost");
    let is_expired = matches!(objection, CertificateError::Expired | CertificateError::ExpiredContext { .. });
    assert!(is_expired, "{objection:?}");
    failed_handshake(&inspector);
}

#[test]
fn a_certificate_of_another_host_has_no_other_fault() {
    let elsewhere = inspector(TlsCertificate::WrongHost);
    let objection = objection(&elsewhere, "localhost");
    let is_wrong =
        matches!(objection, CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. });
    assert!(is_wrong, "{objection:?}");
    failed_handshake(&elsewhere);
    assert!(send(&inspector(TlsCertificate::WrongHost), "elsewhere.invalid").is_ok());
}

#[test]
fn who_does_not_speak_tls_is_a_failed_handshake() {
    let inspector = inspector(TlsCertificate::Valid);
    let mut stream = TcpStream::connect(inspector.addr()).unwrap();
    stream.write_all(b"POST /batch HTTP/1.1\r\n\r\n").unwrap();
    failed_handshake(&inspector);
}

#[test]
fn faults_below_http_work_through_tls() {
    let inspector = inspector(TlsCertificate::Valid);
    inspector.inject(Fault::accept_then_reset());
    inspector.inject(Fault::close_after_reply());
    assert_eq!(send(&inspector, "localhost").unwrap_err().kind(), io::ErrorKind::ConnectionReset);
    assert!(send(&inspector, "localhost").unwrap().ends_with(r#"{"status":"Ok"}"#));
    assert_eq!((inspector.totals().events_accepted, inspector.totals().duplicate_events), (2, 1));
}
