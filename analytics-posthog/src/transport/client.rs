//! The HTTP client.

use std::time::Duration;

use analytics_posthog_encoder::SDK;
use reqwest::{Client, ClientBuilder, redirect};

use super::resolver::SystemResolver;
use crate::config::PostHogConfig;
use crate::error::PostHogError;

/// The client through which the sink sends: the service's own, or one with the sink's roots, proxies and no redirects.
pub(crate) fn http_client(config: &PostHogConfig) -> Result<Client, PostHogError> {
    #[cfg(feature = "reqwest-client")]
    if let Some(client) = &config.client {
        return Ok(client.clone());
    }
    build(config)
}

/// A client that follows no redirect: the key and the events stay with the host they are meant for.
fn build(config: &PostHogConfig) -> Result<Client, PostHogError> {
    let has_tls = cfg!(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"));
    if config.host.is_encrypted() && !has_tls {
        return Err(PostHogError::NoTls(config.host.to_string()));
    }
    check_provider()?;
    let builder = Client::builder()
        .redirect(redirect::Policy::none())
        // Connections are closed now and then, for which only this version has a header.
        .http1_only()
        .connect_timeout(config.options.connect_timeout)
        .user_agent(SDK)
        .pool_idle_timeout(Duration::from_secs(30))
        .dns_resolver(SystemResolver)
        .tcp_nodelay(true);
    trust(past_proxies(builder, config), config).build().map_err(|error| PostHogError::Client(error.into()))
}

/// What is for this machine stays on it, and what is in clear text is shown to nobody on the way: both pass by the
/// proxies that the environment names. A proxy of an `https` host sees a `CONNECT` and ciphertext.
fn past_proxies(builder: ClientBuilder, config: &PostHogConfig) -> ClientBuilder {
    if config.host.is_loopback() || !config.host.is_encrypted() { builder.no_proxy() } else { builder }
}

/// Chooses the roots. A host without TLS needs none, and starts where there are none.
#[cfg(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls"))]
fn trust(builder: ClientBuilder, config: &PostHogConfig) -> ClientBuilder {
    let builder = library(builder);
    if !config.host.is_encrypted() {
        return builder.tls_certs_only([]);
    }
    #[cfg(feature = "bundled-roots")]
    let builder = {
        let roots = webpki_root_certs::TLS_SERVER_ROOT_CERTS.iter();
        builder.tls_certs_only(roots.filter_map(|root| reqwest::Certificate::from_der(root).ok()))
    };
    builder
}

#[cfg(not(any(feature = "rustls", feature = "rustls-no-provider", feature = "native-tls")))]
fn trust(builder: ClientBuilder, _config: &PostHogConfig) -> ClientBuilder {
    builder
}

/// Names the library, because another crate's features can put a second one into reqwest, which then prefers that.
#[cfg(feature = "rustls")]
fn library(builder: ClientBuilder) -> ClientBuilder {
    builder.tls_backend_rustls()
}

#[cfg(all(feature = "native-tls", not(feature = "rustls")))]
fn library(builder: ClientBuilder) -> ClientBuilder {
    builder.tls_backend_native()
}

#[cfg(all(feature = "rustls-no-provider", not(any(feature = "rustls", feature = "native-tls"))))]
fn library(builder: ClientBuilder) -> ClientBuilder {
    builder.tls_backend_rustls()
}

/// Without a provider reqwest panics while it builds a client, also one for a host without TLS.
#[cfg(all(feature = "rustls-no-provider", not(any(feature = "rustls", feature = "native-tls"))))]
fn check_provider() -> Result<(), PostHogError> {
    match rustls::crypto::CryptoProvider::get_default() {
        Some(_) => Ok(()),
        None => Err(PostHogError::NoCryptoProvider),
    }
}

#[cfg(not(all(feature = "rustls-no-provider", not(any(feature = "rustls", feature = "native-tls")))))]
#[expect(clippy::unnecessary_wraps, reason = "it can fail where the service brings the provider")]
const fn check_provider() -> Result<(), PostHogError> {
    Ok(())
}
