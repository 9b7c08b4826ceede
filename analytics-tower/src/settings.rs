//! What all services of a layer share.

use std::fmt;
use std::net::IpAddr;

use analytics_core::Analytics;
use analytics_http::RequestOptions;
use http::Extensions;

/// Finds the address from which a connection comes.
pub(crate) type FindPeer = dyn Fn(&Extensions) -> Option<IpAddr> + Send + Sync;

/// What all services of a layer share.
pub(crate) struct Settings {
    pub(crate) analytics: Analytics,
    pub(crate) options: RequestOptions,
    pub(crate) peer: Box<FindPeer>,
}

impl fmt::Debug for Settings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Settings")
            .field("analytics", &self.analytics)
            .field("options", &self.options)
            .finish_non_exhaustive()
    }
}
