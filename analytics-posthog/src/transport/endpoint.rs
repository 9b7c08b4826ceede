//! Where the batches of one lane go, and in which form.

use analytics_core::Lane;
use analytics_posthog_encoder::{AI_PATH, Protocol};
use reqwest::Url;
use reqwest::header::HeaderMap;

use super::classify::Classifier;
use super::headers;
use crate::config::{Compression, PostHogConfig};
use crate::error::PostHogError;

/// Where the batches of one lane go, and in which form.
#[derive(Debug)]
pub(super) struct Endpoint {
    pub(super) url: Url,
    pub(super) protocol: Protocol,
    /// The headers of every request.
    pub(super) headers: HeaderMap,
    pub(super) compression: Compression,
    pub(super) classifier: Classifier,
}

impl Endpoint {
    pub(super) fn new(lane: Lane, config: &PostHogConfig) -> Result<Self, PostHogError> {
        let options = &config.options;
        // The AI route's form is v0's, which carries no zstd.
        let (protocol, path, compression) = match (lane, options.compression) {
            (Lane::Ai, Compression::None) => (Protocol::V0, AI_PATH, Compression::None),
            (Lane::Ai, _) => (Protocol::V0, AI_PATH, Compression::Gzip),
            (_, compression) => (options.protocol, options.protocol.path(), compression),
        };
        Ok(Self {
            url: config.host.url(path),
            protocol,
            headers: headers::of_all(&config.headers, protocol)?,
            compression,
            classifier: Classifier { lane, protocol, suspect_answers: options.suspect_answers },
        })
    }
}
