//! Certificates, good and bad.

use analytics_inspector::{Inspector, InspectorOptions, TlsCertificate};

use crate::{KEY, Said, TextFile, doctor};

/// What is said of a server with this certificate, whose CA the system trusts.
fn trusting(certificate: TlsCertificate) -> (Inspector, Said) {
    let inspector = Inspector::start(InspectorOptions::default().with_tls(certificate)).unwrap();
    let roots = TextFile::new(&format!("{certificate:?}.pem"), &inspector.tls_ca_pem().unwrap());
    let said =
        doctor(&[("POSTHOG_API_KEY", KEY), ("POSTHOG_HOST", &inspector.url()), ("SSL_CERT_FILE", roots.path())], &[]);
    (inspector, said)
}

#[test]
fn a_good_certificate_is_trusted_and_the_versions_name_told() {
    let (inspector, said) = trusting(TlsCertificate::Valid);
    assert_eq!((said.code, inspector.totals().unique_events), (0, 1), "{}", said.text);
    assert!(said.line("tls").starts_with("ok    tls      TLS 1.3, the certificate is trusted   "), "{}", said.text);
}

#[test]
fn a_bad_certificate_ends_it_and_the_fix_is_of_its_kind() {
    for (certificate, why, fix) in [
        (TlsCertificate::SelfSigned, "UnknownIssuer", "trust its CA"),
        (TlsCertificate::Expired, "expired", "this machine's clock"),
        (TlsCertificate::WrongHost, "elsewhere.invalid", "a name that the certificate is for"),
    ] {
        let (inspector, said) = trusting(certificate);
        assert_eq!((said.code, inspector.totals().requests), (2, 0), "{}", said.text);
        assert_eq!(said.checks().last(), Some(&"tls"), "{}", said.text);
        assert!(said.line("tls").starts_with("fail  tls ") && said.line("tls").contains(why), "{}", said.text);
        assert!(said.text.lines().any(|line| line.contains("fix: ") && line.contains(fix)), "{}", said.text);
    }
}

#[test]
fn a_port_without_tls_is_recognized() {
    let inspector = Inspector::start(InspectorOptions::default()).unwrap();
    let url = inspector.url().replace("http://", "https://");
    let said = crate::sending_to(&url, &["--timeout=2s"]);
    assert_eq!(said.code, 2, "{}", said.text);
    assert!(said.line("tls").starts_with("fail  tls "), "{}", said.text);
    assert!(said.text.contains("fix: does this port speak TLS?"), "{}", said.text);
}
