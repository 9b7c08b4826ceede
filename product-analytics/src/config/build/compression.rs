//! Whether requests can be compressed as they are to be.

use analytics_posthog::{Compression, Protocol};

use crate::config::errors::Problems;
use crate::config::setting::{self, Naming};
use crate::config::settings::PostHogSettings;

/// Checks; what is wrong goes to `problems`.
pub(super) fn check(settings: &PostHogSettings, naming: Naming, problems: &mut Problems) {
    if settings.options.compression != Compression::Zstd {
        return;
    }
    let name = naming.name(&setting::COMPRESSION);
    let gzip = naming.assign(&setting::COMPRESSION, "gzip");
    if cfg!(not(feature = "zstd")) {
        let fix = format!("enable the cargo feature `zstd` of product-analytics, or set {gzip}");
        problems.add(name, "the compression zstd is not compiled in", fix);
    }
    // A protocol that cannot be read may well have been meant to be the one that can carry it.
    if settings.options.protocol == Protocol::V0 && !problems.concern(naming.name(&setting::PROTOCOL)) {
        let v1 = naming.assign(&setting::PROTOCOL, "v1");
        problems.add(name, "the protocol v0 cannot carry zstd", format!("set {v1}, or {gzip}"));
    }
}
