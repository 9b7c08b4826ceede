//! Compressed bodies and size limits.

use crate::client::{post, request};
use crate::limits::{unlimited, with_limits};
use crate::{batch, event, gzip, inspector};

const MIB: usize = 1024 * 1024;

/// A valid envelope of exactly this size.
fn sized(bytes: usize) -> String {
    let start = r#"{"api_key":"k","batch":[{"event":"e","distinct_id":"u","properties":{"a":""#;
    let end = r#""}}]}"#;
    format!("{start}{}{end}", "x".repeat(bytes - start.len() - end.len()))
}

#[test]
fn gzip_is_known_by_its_first_bytes_whatever_the_headers_say() {
    let inspector = inspector();
    let body = batch(&[event(1)]);
    let wire = gzip(body.as_bytes());
    let labels: [&[(&str, &str)]; 4] =
        [&[], &[("Content-Encoding", "gzip")], &[("Content-Encoding", "identity")], &[("Content-Encoding", "br")]];
    for headers in labels {
        let answer = request(inspector.addr(), "POST", "/batch", headers, &wire);
        assert_eq!(answer.status, 200, "{headers:?}: {}", answer.body);
    }
    assert_eq!(post(inspector.addr(), "/batch?compression=gzip-js", &wire).status, 200);
    let request = inspector.requests().remove(0);
    assert_eq!((request.body_bytes, request.inflated_bytes), (wire.len(), body.len()));
    assert_eq!(request.body_text().as_deref(), Some(body.as_str()));
    assert_eq!(inspector.totals().body_bytes, 5 * wire.len() as u64);
    assert_eq!(inspector.events().remove(0).json(), event(1));
}

#[test]
fn what_is_labelled_gzip_and_is_not_is_refused() {
    let inspector = inspector();
    let body = batch(&[event(1)]);
    let labelled = request(inspector.addr(), "POST", "/batch", &[("Content-Encoding", "gzip")], body.as_bytes());
    assert_eq!(labelled.status, 400, "{}", labelled.body);
    assert_eq!(post(inspector.addr(), "/batch?compression=gzip", &body).status, 400);
    assert_eq!(post(inspector.addr(), "/batch?compression=none", &body).status, 200);
}

#[test]
fn damaged_gzip_and_what_is_not_text_is_refused() {
    let inspector = inspector();
    let whole = gzip(batch(&[event(1)]).as_bytes());
    let mut flipped = whole.clone();
    flipped[whole.len() - 6] ^= 1;
    let zstd = b"\x28\xb5\x2f\xfd\x00\x58\x01\x00\x00".to_vec();
    for body in [whole[..whole.len() - 9].to_vec(), flipped, gzip(b"\xff"), zstd, b"\xff".to_vec()] {
        assert_eq!(post(inspector.addr(), "/batch", &body).status, 400, "{body:x?}");
    }
    assert_eq!(inspector.totals().requests_refused, 5);
}

#[test]
fn content_may_inflate_to_25_mib() {
    let inspector = with_limits(unlimited());
    for (bytes, expected) in [(25 * MIB, 200), (25 * MIB + 1, 413)] {
        let body = gzip(sized(bytes).as_bytes());
        assert!(body.len() < MIB, "{}", body.len());
        let answer = post(inspector.addr(), "/batch", body);
        assert_eq!(answer.status, expected, "{bytes}: {}", answer.body);
    }
}

#[test]
fn a_body_may_have_20_mib_in_a_batch_and_2_mib_elsewhere() {
    let inspector = inspector();
    for (path, limit) in [("/batch/", 20 * MIB), ("/i/v0/e/", 2 * MIB), ("/capture/", 2 * MIB)] {
        assert_eq!(post(inspector.addr(), path, sized(limit)).status, 200, "{path}");
        assert_eq!(post(inspector.addr(), path, sized(limit + 1)).status, 413, "{path}");
    }
    let refused = inspector.requests().pop().unwrap();
    assert_eq!((refused.body_bytes, refused.status), (2 * MIB + 1, Some(413)));
}
