//! From which size on a request's body is compressed.

use analytics_inspector::ReceivedRequest;
use analytics_posthog::{Compression, Protocol};

use crate::support::{LONG, config, inspector, spawn, track};

/// The request that carries one event, always of the same size, with this setting.
fn request(protocol: Protocol, compression: Compression, compress_from: usize) -> ReceivedRequest {
    let inspector = inspector();
    let mut config = config(&inspector.url());
    config.options.protocol = protocol;
    config.options.compression = compression;
    config.options.compress_from = compress_from;
    let analytics = spawn(config);
    track(&analytics);
    assert_eq!(analytics.shutdown_blocking(LONG).delivered(), 1);
    let requests = inspector.requests();
    assert_eq!(requests.len(), 1);
    requests[0].clone()
}

#[test]
fn a_body_is_compressed_from_the_size_that_is_set_and_0_is_every_size() {
    for protocol in [Protocol::V0, Protocol::V1] {
        let plain = request(protocol, Compression::Gzip, usize::MAX);
        assert_eq!(plain.header("content-encoding"), None);
        let bytes = plain.body_bytes;
        for (compress_from, expected) in [(0, Some("gzip")), (bytes, Some("gzip")), (bytes + 1, None)] {
            let request = request(protocol, Compression::Gzip, compress_from);
            assert_eq!(request.header("content-encoding"), expected, "{protocol:?}: {bytes} bytes, {compress_from}");
            assert_eq!(request.body_bytes == bytes, expected.is_none(), "{protocol:?}: {}", request.body_bytes);
        }
        let request = request(protocol, Compression::None, 0);
        assert_eq!(request.header("content-encoding"), None, "{protocol:?}");
    }
}

#[test]
fn it_is_1_kib_unless_it_is_set() {
    assert_eq!(config("http://127.0.0.1:9").options.compress_from, 1_024);
}
