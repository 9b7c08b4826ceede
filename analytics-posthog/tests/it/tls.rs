//! Certificates, good and bad.

use std::sync::Arc;
use std::time::Duration;

use analytics_core::{Analytics, AnalyticsSink as _, DropReason};
use analytics_inspector::{Inspector, InspectorOptions, TlsCertificate};
use analytics_posthog::{Health, PostHogConfig, PostHogSink};
use reqwest::{Certificate, Client, redirect};

use crate::support::{LONG, config, track};

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
        let ledger = analytics.flush_blocking(Duration::from_millis(300));
        assert_eq!((ledger.pending(), ledger.lost()), (1, 0), "{certificate:?}: {ledger}");
        let health = sink.health();
        assert!(
            matches!(&health, Health::Failing { last, .. } if last.contains("ertificate")),
            "{certificate:?}: {health:?}"
        );
        let ledger = analytics.shutdown_blocking(Duration::ZERO);
        assert_eq!((ledger.dropped(DropReason::Abandoned), inspector.totals().requests), (1, 0), "{certificate:?}");
        assert!(inspector.failed_handshakes() > 0, "{certificate:?}");
    }
}
