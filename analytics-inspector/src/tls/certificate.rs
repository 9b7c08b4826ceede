//! What is wrong with a certificate.

/// The certificate that an inspector shows.
///
/// All but the self-signed one are signed by a CA made for this inspector, so that a client that
/// [trusts it](crate::Inspector::tls_ca_pem) finds exactly one fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum TlsCertificate {
    /// Nothing: it is for `localhost`, `127.0.0.1` and `::1`, and signed by the inspector's CA.
    Valid,
    /// Nobody but itself has signed it.
    SelfSigned,
    /// It was good until 2 January 2020.
    Expired,
    /// It is for `elsewhere.invalid`.
    WrongHost,
}

analytics_rules::words! {
    TlsCertificate { Valid = "valid", SelfSigned = "self_signed", Expired = "expired", WrongHost = "wrong_host" }
}
