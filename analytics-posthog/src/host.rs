//! Where PostHog is, parsed once.

use std::fmt;
use std::net::IpAddr;

use reqwest::Url;

/// Where events go unless something else is said: PostHog's cloud in the United States.
pub const DEFAULT_HOST: &str = "https://us.i.posthog.com";
const EU_HOST: &str = "https://eu.i.posthog.com";

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

/// Why a text is not the address of a PostHog server.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHost {
    /// It is no URL.
    #[error(
        "{0:?} is not a URL; write it with its scheme: https://us.i.posthog.com, https://eu.i.posthog.com, or us or eu"
    )]
    NotAUrl(String),
    /// It is a key, which would be looked up as a name and stand in logs.
    #[error("this is a key, not a host; write https://us.i.posthog.com, https://eu.i.posthog.com, or us or eu")]
    Key,
    /// Its scheme is neither `https` nor `http`.
    #[error("the scheme {0:?} is not supported; write https://")]
    Scheme(String),
    /// It would carry the key and the events in clear text over a network.
    #[error(
        "http://{0} would carry events in clear text over the network; write https://, or allow it with \
         ANALYTICS_ALLOW_HTTP=true (in code: Host::parse_allowing_http)"
    )]
    ClearText(String),
    /// It has parts that an address does not have.
    #[error("the address has a user, a query or a fragment; write the host only: https://us.i.posthog.com")]
    Extra,
}

impl Host {
    /// Parses an address. `us` and `eu` and the addresses of PostHog's app are mapped to those that take events.
    ///
    /// # Errors
    /// If it is no URL, has parts that an address does not have, or is `http` and not on this machine.
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
    /// If it is no URL or has parts that an address does not have.
    pub fn parse_allowing_http(text: &str) -> Result<Self, InvalidHost> {
        let text = text.trim();
        let mapped = match text.to_ascii_lowercase().trim_end_matches('/') {
            "us" | "https://app.posthog.com" | "https://us.posthog.com" => DEFAULT_HOST,
            "eu" | "https://eu.posthog.com" => EU_HOST,
            _ => text,
        };
        let mut url = Url::parse(mapped).map_err(|_| InvalidHost::NotAUrl(shown(text)))?;
        if !matches!(url.scheme(), "https" | "http") {
            // "localhost:8010" parses as a URL of the scheme "localhost".
            let is_scheme_missing = !mapped.contains("://");
            return Err(if is_scheme_missing {
                InvalidHost::NotAUrl(shown(text))
            } else {
                InvalidHost::Scheme(url.scheme().to_owned())
            });
        }
        if !url.username().is_empty() || url.password().is_some() || url.query().is_some() || url.fragment().is_some() {
            return Err(InvalidHost::Extra);
        }
        if ["phc_", "phx_"].iter().any(|kind| url.host_str().is_some_and(|name| name.starts_with(kind))) {
            return Err(InvalidHost::Key);
        }
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

/// What an error may show of an address: no more than a line, no password, and no key in the wrong place.
fn shown(text: &str) -> String {
    if ["phc_", "phx_"].iter().any(|prefix| text.to_ascii_lowercase().contains(prefix)) {
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
mod tests {
    use super::*;

    #[test]
    fn an_address_is_mapped_to_the_one_that_takes_events() {
        for (text, expected, region) in [
            ("us", DEFAULT_HOST, Region::Us),
            ("EU", EU_HOST, Region::Eu),
            ("https://app.posthog.com/", DEFAULT_HOST, Region::Us),
            ("https://eu.posthog.com", EU_HOST, Region::Eu),
            (" https://eu.i.posthog.com/ ", EU_HOST, Region::Eu),
            ("http://127.0.0.1:8010", "http://127.0.0.1:8010", Region::Local),
            ("http://[::1]:8010/", "http://[::1]:8010", Region::Local),
            ("http://localhost:8010", "http://localhost:8010", Region::Local),
            ("https://example.com/ingest/", "https://example.com/ingest", Region::SelfHosted),
        ] {
            let host = Host::parse(text).unwrap();
            assert_eq!((host.to_string().as_str(), host.region()), (expected, region), "{text}");
        }
        assert_eq!(Host::default().to_string(), DEFAULT_HOST);
        let url = Host::parse("https://example.com/ingest").unwrap().url("batch/");
        assert_eq!(url.as_str(), "https://example.com/ingest/batch/");
    }

    #[test]
    fn what_is_no_address_is_refused_with_its_fix() {
        for (text, part) in [
            ("", "write it with its scheme"),
            ("eu.i.posthog.com", "write it with its scheme"),
            ("localhost:8010", "write it with its scheme"),
            ("ftp://example.com", "write https://"),
            ("http://example.com", "ANALYTICS_ALLOW_HTTP"),
            ("http://10.0.0.1", "clear text"),
            ("https://user:secret@example.com", "a user"),
            ("https://example.com/?token=secret", "a query"),
            ("phx_secret", "(a key)"),
            ("PHC_secret", "(a key)"),
        ] {
            let error = Host::parse(text).unwrap_err().to_string();
            assert!(error.contains(part) && !error.contains("secret"), "{text}: {error}");
        }
        assert!(Host::parse_allowing_http("http://example.com").is_ok());
    }
}
