//! The HTTP client.

use std::time::Duration;

use reqwest::{Client, redirect};

use super::headers::SDK;
use crate::{PostHogConfig, PostHogError};

/// A client that follows no redirect: the key and the events stay with the host they are meant for.
pub(super) fn build(config: &PostHogConfig) -> Result<Client, PostHogError> {
    let has_tls = cfg!(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"));
    if config.host.is_encrypted() && !has_tls {
        return Err(PostHogError::NoTls(config.host.to_string()));
    }
    let builder = Client::builder();
    // What is for this machine stays on it, whatever proxy the environment names.
    let builder = if config.host.is_loopback() { builder.no_proxy() } else { builder };
    builder
        .redirect(redirect::Policy::none())
        .connect_timeout(config.connect_timeout)
        .user_agent(SDK)
        .pool_idle_timeout(Duration::from_secs(30))
        .tcp_nodelay(true)
        .build()
        .map_err(PostHogError::Client)
}
