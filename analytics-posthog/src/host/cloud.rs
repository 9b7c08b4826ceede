//! PostHog's own hosts, in every spelling that is in use.
//!
//! The names are those of PostHog's libraries (`posthog/request.py` of posthog-python,
//! `packages/browser/src/utils/request-router.ts` of posthog-js) and of its guides to reverse proxies: the application
//! (`app`, `us`, `eu`), the servers that take events (`us.i`, `eu.i`, before that `us-api.i`), scripts (`us-assets.i`)
//! and the way for proxies (`us-proxy-direct.i`).

use reqwest::Url;

use super::path::endpoint_in;
use super::{DEFAULT_HOST, InvalidHost};

const EU_HOST: &str = "https://eu.i.posthog.com";
const DOMAIN: &str = "posthog.com";

/// The word for a region, mapped to the host that takes its events.
pub(super) fn of_region(word: &str) -> Option<&'static str> {
    match word.to_ascii_lowercase().as_str() {
        "us" => Some(DEFAULT_HOST),
        "eu" => Some(EU_HOST),
        _ => None,
    }
}

/// The host that takes the events of the region to which `url` belongs, if it is PostHog's own and names one.
///
/// # Errors
/// If it is PostHog's own and has a path or a port, or names no region.
pub(super) fn of_url(url: &Url) -> Result<Option<&'static str>, InvalidHost> {
    let name = url.host_str().unwrap_or_default().trim_end_matches('.');
    let Some(label) = label(name) else { return Ok(None) };
    let host = host_of(label);
    if host.is_none() && matches!(label, "" | "i" | "www") {
        return Err(InvalidHost::NoRegion);
    }
    let address = || host.map_or_else(|| format!("https://{name}"), str::to_owned);
    if url.port().is_some_and(|port| port != 443) {
        return Err(InvalidHost::CloudPort(address()));
    }
    match url.path().trim_matches('/') {
        "" => Ok(host),
        path => Err(match endpoint_in(path) {
            Some((endpoint, _)) => InvalidHost::Endpoint { endpoint, address: address() },
            None => InvalidHost::CloudPath(address()),
        }),
    }
}

/// What stands before PostHog's domain: `eu.i`. A region's word alone is one, too.
fn label(name: &str) -> Option<&str> {
    if of_region(name).is_some() {
        return Some(name);
    }
    let before = name.strip_suffix(DOMAIN)?;
    let label = if before.is_empty() { "" } else { before.strip_suffix('.')? };
    Some(label.strip_prefix("www.").unwrap_or(label))
}

/// The host of a label that names its region: `us.i`, `eu`, `us-assets.i`, `app`.
fn host_of(label: &str) -> Option<&'static str> {
    let server = label.strip_suffix(".i").unwrap_or(label);
    let (region, _) = server.split_once('-').unwrap_or((server, ""));
    of_region(if region == "app" { "us" } else { region })
}
