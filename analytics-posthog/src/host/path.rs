//! Paths that are PostHog's, and not a proxy's.

use reqwest::Url;

use super::InvalidHost;

/// PostHog's endpoints, as the routers of its servers name them (`rust/capture`, `rust/feature-flags`), the longest of
/// those with the same end first.
const ENDPOINTS: [&str; 17] = [
    "/i/v1/analytics/events",
    "/i/v1/ai/events",
    "/i/v0/ai/batch",
    "/i/v0/ai/otel",
    "/i/v0/ai",
    "/i/v0/e",
    "/i/v0",
    "/i/v1",
    "/batch",
    "/capture",
    "/track",
    "/engage",
    "/e",
    "/decide",
    "/flags",
    "/api/event",
    "/static/array.js",
];

/// What PostHog's guide to reverse proxies takes for the path of one. On a host of somebody's own it is more likely
/// that than the endpoint of the same name.
const PROXY: &str = "/e";

/// The endpoint at the end of a path, with what stands before it.
pub(super) fn endpoint_in(path: &str) -> Option<(&'static str, String)> {
    let path = format!("/{}", path.split('/').filter(|part| !part.is_empty()).collect::<Vec<_>>().join("/"));
    let lower = path.to_ascii_lowercase();
    ENDPOINTS.iter().find_map(|endpoint| {
        let before = lower.strip_suffix(endpoint)?;
        Some((*endpoint, path.get(..before.len())?.to_owned()))
    })
}

/// Refuses the path of an endpoint, and that of a page of PostHog's application. Any other is a proxy's.
pub(super) fn check(url: &Url) -> Result<(), InvalidHost> {
    if url.path().trim_end_matches('/') == PROXY {
        return Ok(());
    }
    if let Some((endpoint, before)) = endpoint_in(url.path()) {
        return Err(InvalidHost::Endpoint { endpoint, address: address(url, &before) });
    }
    match page_in(url.path()) {
        Some(before) => Err(InvalidHost::Page(address(url, before))),
        None => Ok(()),
    }
}

/// What stands before `/project/123`, under which the application has its pages.
fn page_in(path: &str) -> Option<&str> {
    let (before, rest) = path.split_once("/project/")?;
    let number = rest.split('/').next()?;
    (!number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())).then_some(before)
}

fn address(url: &Url, path: &str) -> String {
    let mut url = url.clone();
    url.set_path(path);
    url.as_str().trim_end_matches('/').to_owned()
}
