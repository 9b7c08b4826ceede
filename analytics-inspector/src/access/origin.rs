//! What a browser says about the page that a request comes from.

use axum::http::{HeaderMap, HeaderName, Method, header};

use super::headers::Field;
use super::host;

const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
const SEC_FETCH_MODE: HeaderName = HeaderName::from_static("sec-fetch-mode");
const SEC_FETCH_DEST: HeaderName = HeaderName::from_static("sec-fetch-dest");

/// Whether a request may do what it asks for, as far as its origin goes. `is_by_cookie` says that nothing but a cookie
/// speaks for it, which browsers send of their own accord.
pub(super) fn is_allowed(method: &Method, headers: &HeaderMap, allowed_hosts: &[String], is_by_cookie: bool) -> bool {
    match *method {
        Method::GET | Method::HEAD => may_read(headers, allowed_hosts),
        _ => may_change(headers, is_by_cookie),
    }
}

/// Reading is for this page, for programs, and for who opens the page, from a link too. What another page of this
/// machine asks for it cannot read, since no answer allows it to.
fn may_read(headers: &HeaderMap, allowed_hosts: &[String]) -> bool {
    let is_opened = Field::of(headers, &SEC_FETCH_MODE) == Field::Text("navigate")
        && Field::of(headers, &SEC_FETCH_DEST) == Field::Text("document");
    let is_of_another_page = match Field::of(headers, &SEC_FETCH_SITE) {
        Field::Absent | Field::Text("same-origin" | "none") => false,
        Field::Text(_) | Field::Unclear => !is_opened,
    };
    let is_origin_known = match Field::of(headers, &header::ORIGIN) {
        Field::Absent => true,
        Field::Text(origin) => {
            is_own(origin, headers) || authority(origin).is_some_and(|(host, _)| host::is_known(host, allowed_hosts))
        }
        Field::Unclear => false,
    };
    !is_of_another_page && is_origin_known
}

/// Changing something is for this very page, port included, and for programs, which say nothing of a page.
fn may_change(headers: &HeaderMap, is_by_cookie: bool) -> bool {
    let site = Field::of(headers, &SEC_FETCH_SITE);
    let origin = Field::of(headers, &header::ORIGIN);
    let referer = Field::of(headers, &header::REFERER);
    let is_site_own = matches!(site, Field::Absent | Field::Text("same-origin"));
    let is_origin_own = match origin {
        Field::Absent => true,
        Field::Text(origin) => is_own(origin, headers),
        Field::Unclear => false,
    };
    let is_referer_own = match referer {
        Field::Absent => true,
        Field::Text(page) => is_own(origin_of(page), headers),
        Field::Unclear => false,
    };
    // An old browser sends none of them with a form, and calls itself one.
    let says_nothing = [site, origin, referer] == [Field::Absent; 3];
    let is_browser = is_by_cookie || Field::of(headers, &header::USER_AGENT).text().is_some_and(is_browser);
    is_site_own && is_origin_own && is_referer_own && !(says_nothing && is_browser)
}

fn is_browser(user_agent: &str) -> bool {
    user_agent.starts_with("Mozilla/") || user_agent.starts_with("Opera/")
}

/// Whether an origin is that of the page which this server serves under the name that the request has for it.
fn is_own(origin: &str, headers: &HeaderMap) -> bool {
    let Some((own, default_port)) = authority(origin) else {
        return false;
    };
    let without_port = |host: &str| host.strip_suffix(default_port).unwrap_or(host).to_ascii_lowercase();
    let host = Field::of(headers, &header::HOST).text();
    host.is_some_and(|host| !host.is_empty() && without_port(host) == without_port(own))
}

/// Host and port of an origin, and the port that it may leave out.
fn authority(origin: &str) -> Option<(&str, &'static str)> {
    let http = origin.strip_prefix("http://").map(|rest| (rest, ":80"));
    http.or_else(|| origin.strip_prefix("https://").map(|rest| (rest, ":443")))
}

/// The origin of an address.
fn origin_of(address: &str) -> &str {
    let path = address.match_indices('/').nth(2).map_or(address.len(), |(index, _)| index);
    address.get(..path).unwrap_or(address)
}

#[cfg(test)]
#[path = "origin_tests.rs"]
mod tests;
