//! Where PostHog is, parsed once.

mod cloud;
mod invalid;
mod path;
mod syntax;

use std::fmt;
use std::net::IpAddr;
use std::str::FromStr;

use reqwest::Url;

pub use self::invalid::InvalidHost;

/// Where events go unless something else is said: PostHog's cloud in the United States.
pub const DEFAULT_HOST: &str = "https://us.i.posthog.com";

/// The address of a PostHog server: the cloud's, a reverse proxy's, or one of your own.
#[derive(Clone, PartialEq, Eq)]
pub struct Host(Url);

/// Whose server a host is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Region {
    /// PostHog's cloud in the United States.
    Us,
    /// PostHog's cloud in the European Union.
    Eu,
    /// A server on this machine.
    Local,
    /// A server of somebody's own, or a reverse proxy.
    SelfHosted,
}

impl Host {
    /// Parses an address. White space around it is cut off.
    ///
    /// `us` and `eu` and PostHog's own hosts, in every spelling, are mapped to those that take events, over TLS. The
    /// path of a reverse proxy is kept.
    ///
    /// ```
    /// use analytics_posthog::Host;
    ///
    /// assert_eq!(Host::parse("http://EU.posthog.com")?.to_string(), "https://eu.i.posthog.com");
    /// assert_eq!(Host::parse("https://example.com/ingest/")?.to_string(), "https://example.com/ingest");
    /// assert!(Host::parse("https://example.com/ingest/batch/").is_err());
    /// # Ok::<(), analytics_posthog::InvalidHost>(())
    /// ```
    ///
    /// # Errors
    /// If it is no URL, has parts that an address does not have, an endpoint of PostHog's among them, or is `http` and
    /// not on this machine.
    pub fn parse(text: &str) -> Result<Self, InvalidHost> {
        let host = Self::parse_allowing_http(text)?;
        if host.0.scheme() == "http" && !host.is_loopback() {
            return Err(InvalidHost::ClearText(host.0.host_str().unwrap_or_default().to_owned()));
        }
        Ok(host)
    }

    /// As [`parse`](Self::parse), and takes `http` for any host: for a network that is trusted.
    ///
    /// # Errors
    /// As [`parse`](Self::parse), `http` aside.
    pub fn parse_allowing_http(text: &str) -> Result<Self, InvalidHost> {
        let text = text.trim();
        syntax::check(text)?;
        let mut url = match cloud::of_region(text.trim_end_matches('/')) {
            Some(host) => url(host)?,
            None => url(text)?,
        };
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidHost::Extra);
        }
        if let Some(host) = cloud::of_url(&url)? {
            url = self::url(host)?;
        }
        path::check(&url)?;
        let path = format!("{}/", url.path().trim_end_matches('/'));
        url.set_path(&path);
        Ok(Self(url))
    }

    /// Whether the server is on this machine.
    #[must_use]
    pub fn is_loopback(&self) -> bool {
        let name = self.0.host_str().unwrap_or_default();
        let address = name.trim_start_matches('[').trim_end_matches(']');
        name.eq_ignore_ascii_case("localhost") || address.parse::<IpAddr>().is_ok_and(|address| address.is_loopback())
    }

    /// Whether it is reached through TLS.
    #[must_use]
    pub fn is_encrypted(&self) -> bool {
        self.0.scheme() == "https"
    }

    /// Whose server it is.
    #[must_use]
    pub fn region(&self) -> Region {
        match self.0.host_str().unwrap_or_default() {
            "us.i.posthog.com" => Region::Us,
            "eu.i.posthog.com" => Region::Eu,
            _ if self.is_loopback() => Region::Local,
            _ => Region::SelfHosted,
        }
    }

    /// The URL of a path on this host.
    pub(crate) fn url(&self, path: &str) -> Url {
        let mut url = self.0.clone();
        url.set_path(&format!("{}{path}", url.path()));
        url
    }
}

/// Reads a URL that HTTP can be spoken with.
fn url(text: &str) -> Result<Url, InvalidHost> {
    let url = Url::parse(text).map_err(|_| InvalidHost::NotAUrl(shown(text)))?;
    // "localhost:8010" parses as a URL of the scheme "localhost".
    match url.scheme() {
        "https" | "http" => Ok(url),
        scheme if text.contains("://") => Err(InvalidHost::Scheme(scheme.to_owned())),
        _ => Err(InvalidHost::NotAUrl(shown(text))),
    }
}

/// What an error may show of an address: no more than a line, no password, and nothing that may yet be a key.
fn shown(text: &str) -> String {
    let lower = text.to_ascii_lowercase();
    if ["phc_", "phx_", "phs_", "pha_", "phr_"].iter().any(|kind| lower.contains(kind)) {
        return "(a key)".to_owned();
    }
    match text.rsplit_once('@') {
        Some((_, host)) => format!("…@{}", host.chars().take(100).collect::<String>()),
        None => text.chars().take(100).collect(),
    }
}

impl Default for Host {
    /// [`DEFAULT_HOST`].
    #[expect(clippy::expect_used, reason = "a constant, which a test parses")]
    fn default() -> Self {
        Self::parse(DEFAULT_HOST).expect("the default host is a URL")
    }
}

/// As [`Host::parse`].
impl FromStr for Host {
    type Err = InvalidHost;

    fn from_str(text: &str) -> Result<Self, InvalidHost> {
        Self::parse(text)
    }
}

impl fmt::Display for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0.as_str().trim_end_matches('/'))
    }
}

impl fmt::Debug for Host {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Host({self})")
    }
}

impl fmt::Display for Region {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Us => "us",
            Self::Eu => "eu",
            Self::Local => "local",
            Self::SelfHosted => "self-hosted",
        })
    }
}

#[cfg(test)]
mod tests;
