//! Why the sink cannot be started.

use analytics_delivery::SpawnError;

use crate::guard::TestProcess;

/// Why the sink cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostHogError {
    /// This is a test process, and the server is not on this machine.
    #[error(
        "this is a test process ({0}), and test events do not belong in a project: record them with analytics-testkit, \
         point POSTHOG_HOST at a local inspector, or allow it with ANALYTICS_ALLOW_IN_TESTS=true (in code: \
         PostHogConfig::allow_in_tests)"
    )]
    InTestProcess(TestProcess),
    /// The host needs TLS, and none is compiled in.
    #[error("{0} needs TLS, and none is compiled in: enable the feature `rustls` or `native-tls` of analytics-posthog")]
    NoTls(String),
    /// A header's name or value is not one.
    #[error("the header {0:?} is not valid: a name is ASCII letters, digits and hyphens, a value has no line breaks")]
    Header(String),
    /// A header is the backend's to set.
    #[error("the header {0:?} is set by the backend; take it out of the extra headers")]
    OwnHeader(String),
    /// The protocol cannot carry the compression.
    #[cfg(feature = "zstd")]
    #[error("v0 cannot carry zstd; choose the protocol v1, or the compression gzip")]
    Zstd,
    /// The HTTP client cannot be made.
    #[error("the HTTP client could not be made: {0}; without system certificates, install the package ca-certificates")]
    Client(#[source] reqwest::Error),
    /// The worker cannot be started.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
}
