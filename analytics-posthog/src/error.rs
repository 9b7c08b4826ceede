//! Why the sink cannot be started.

use std::error::Error;

use analytics_delivery::SpawnError;
use analytics_rules::display::root_cause;

use crate::test_process::TestProcess;

/// Why the sink cannot be started.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PostHogError {
    /// This is a test process, and the server is not on this machine.
    #[error(
        "this is a test process ({0}), and test events do not belong in a project: record them with analytics-testkit, \
         point POSTHOG_HOST at a local inspector, or allow it with ANALYTICS_ALLOW_IN_TESTS=true (in code: \
         PostHogOptions::allow_in_tests)"
    )]
    InTestProcess(TestProcess),
    /// The host needs TLS, and none is compiled in.
    #[error("{0} needs TLS, and none is compiled in: enable the feature `rustls` or `native-tls` of analytics-posthog")]
    NoTls(String),
    /// TLS is compiled in without cryptography, and the service has brought none.
    #[error(
        "no crypto provider is installed: with the feature `rustls-no-provider` the service installs one before \
         analytics starts (CryptoProvider::install_default of rustls); or enable the feature `rustls` of \
         analytics-posthog, which has its own"
    )]
    NoCryptoProvider,
    /// A header's name or value is not one.
    #[error("the header {0:?} is not valid: a name is ASCII letters, digits and hyphens, a value has no line breaks")]
    Header(String),
    /// A header is the backend's to set.
    #[error("the header {0:?} is set by the backend; take it out of the extra headers")]
    OwnHeader(String),
    /// The protocol cannot carry the compression.
    #[error("v0 cannot carry zstd; choose the protocol v1, or the compression gzip")]
    Zstd,
    /// The compression is not compiled in.
    #[error("zstd is not compiled in: enable the feature `zstd` of analytics-posthog, or choose the compression gzip")]
    NoZstd,
    /// The HTTP client cannot be made: mostly because the machine has no certificates to trust.
    #[error(
        "the HTTP client could not be made: {}; where the machine has no certificates, install the package \
         ca-certificates, name a file in SSL_CERT_FILE, or enable the feature `bundled-roots` of analytics-posthog",
        root_cause(&**.0)
    )]
    Client(#[source] Box<dyn Error + Send + Sync>),
    /// The worker cannot be started.
    #[error(transparent)]
    Spawn(#[from] SpawnError),
}
