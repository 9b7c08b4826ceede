//! The handshake, and whether the certificate is trusted.

use std::sync::Arc;
use std::time::{Duration, Instant};

use rustls_platform_verifier::BuilderVerifierExt;
use tokio::net::TcpStream;
use tokio::time;
use tokio_rustls::TlsConnector;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::ServerName;
use tokio_rustls::rustls::{CertificateError, ClientConfig, Error, ProtocolVersion};

use super::Server;
use crate::report::{Check, Failure, Report};

const SPEAKS_TLS: &str = "does this port speak TLS?";

/// What failed, and what to do about it.
type Trouble = (String, &'static str);

/// Shakes hands as the sink does, with the system's roots.
pub(super) async fn shake_hands(server: &Server, stream: TcpStream, timeout: Duration, report: &mut Report) -> bool {
    // Made before the clock runs: it reads the system's roots.
    let connector = connector();
    let begun = Instant::now();
    let shaken = match connector {
        Ok(connector) => time::timeout(timeout, shaken(server, &connector, stream))
            .await
            .unwrap_or_else(|_| Err(("no handshake in time".to_owned(), SPEAKS_TLS))),
        Err(trouble) => Err(trouble),
    };
    let took = begun.elapsed();
    match shaken {
        Ok(version) => {
            report.tell(Check::ok("tls", format!("{version}, the certificate is trusted")).took(took));
            true
        }
        Err((why, fix)) => {
            report.fail(Failure::Unreachable, Check::ok("tls", why).took(took).with_fix(fix));
            false
        }
    }
}

fn connector() -> Result<TlsConnector, Trouble> {
    let config = ClientConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .and_then(BuilderVerifierExt::with_platform_verifier)
        .map_err(|error| (format!("no roots to trust: {error}"), "install the package ca-certificates"))?;
    Ok(TlsConnector::from(Arc::new(config.with_no_client_auth())))
}

async fn shaken(server: &Server, connector: &TlsConnector, stream: TcpStream) -> Result<&'static str, Trouble> {
    let name = ServerName::try_from(server.name.clone())
        .map_err(|_| ("the host's name is none that a certificate can have".to_owned(), "check POSTHOG_HOST"))?;
    match connector.connect(name, stream).await {
        Ok(stream) => Ok(match stream.get_ref().1.protocol_version() {
            Some(ProtocolVersion::TLSv1_2) => "TLS 1.2",
            Some(ProtocolVersion::TLSv1_3) => "TLS 1.3",
            _ => "TLS",
        }),
        Err(error) => {
            let of_tls = error.get_ref().and_then(|source| source.downcast_ref::<Error>());
            Err((error.to_string(), of_tls.map_or(SPEAKS_TLS, fix)))
        }
    }
}

/// What to do about a handshake that failed.
fn fix(error: &Error) -> &'static str {
    match error {
        Error::InvalidCertificate(certificate) => match certificate {
            CertificateError::Expired
            | CertificateError::ExpiredContext { .. }
            | CertificateError::NotValidYet
            | CertificateError::NotValidYetContext { .. } => {
                "check this machine's clock, then the server's certificate"
            }
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. } => {
                "POSTHOG_HOST has to be a name that the certificate is for"
            }
            _ => "trust its CA in this system or by SSL_CERT_FILE; without any roots, install ca-certificates",
        },
        Error::InvalidMessage(_) => SPEAKS_TLS,
        _ => "the server and this client have no version or cipher in common, or a gateway stands between",
    }
}
