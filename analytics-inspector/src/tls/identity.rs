//! Keys and certificates, made anew for each inspector.

use std::error::Error;
use std::fmt;
use std::io;
use std::sync::Arc;

use rcgen::{BasicConstraints, Certificate, CertificateParams, CertifiedIssuer, IsCa, KeyPair, KeyUsagePurpose};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;
use tokio_rustls::rustls::crypto::aws_lc_rs;
use tokio_rustls::rustls::pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};

use super::certificate::TlsCertificate;

/// What an inspector shows its clients.
#[derive(Clone)]
pub(crate) struct Identity {
    pub(crate) acceptor: TlsAcceptor,
    /// The CA that a client may trust, in PEM.
    pub(crate) ca_pem: Arc<str>,
}

impl Identity {
    pub(crate) fn new(certificate: TlsCertificate) -> io::Result<Self> {
        Self::try_new(certificate).map_err(io::Error::other)
    }

    fn try_new(certificate: TlsCertificate) -> Result<Self, Box<dyn Error + Send + Sync>> {
        let ca = CertifiedIssuer::self_signed(ca_params()?, KeyPair::generate()?)?;
        let key = KeyPair::generate()?;
        let shown: Certificate = match certificate {
            TlsCertificate::SelfSigned => params(certificate)?.self_signed(&key)?,
            _ => params(certificate)?.signed_by(&key, &ca)?,
        };
        let private = PrivateKeyDer::Pkcs8(PrivatePkcs8KeyDer::from(key.serialize_der()));
        let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
            .with_safe_default_protocol_versions()?
            .with_no_client_auth()
            .with_single_cert(vec![shown.der().clone()], private)?;
        Ok(Self { acceptor: TlsAcceptor::from(Arc::new(config)), ca_pem: ca.pem().into() })
    }
}

impl fmt::Debug for Identity {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Identity").finish_non_exhaustive()
    }
}

fn ca_params() -> Result<CertificateParams, rcgen::Error> {
    let mut params = CertificateParams::new(Vec::new())?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    params.distinguished_name.push(rcgen::DnType::CommonName, "analytics-inspector");
    Ok(params)
}

fn params(certificate: TlsCertificate) -> Result<CertificateParams, rcgen::Error> {
    let names = match certificate {
        TlsCertificate::WrongHost => vec!["elsewhere.invalid".to_owned()],
        _ => ["localhost", "127.0.0.1", "::1"].map(str::to_owned).to_vec(),
    };
    let mut params = CertificateParams::new(names)?;
    if certificate == TlsCertificate::Expired {
        params.not_before = rcgen::date_time_ymd(2020, 1, 1);
        params.not_after = rcgen::date_time_ymd(2020, 1, 2);
    }
    Ok(params)
}
