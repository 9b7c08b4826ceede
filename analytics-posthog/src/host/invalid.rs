//! Why a text is not the address of a PostHog server.

use crate::text::InvalidText;

/// Why a text is not the address of a PostHog server. It never holds a key or a password.
///
/// Each displays as what is wrong, a semicolon, and what to do about it.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidHost {
    /// It is no URL.
    #[error(
        "{0:?} is not a URL; write it with its scheme: https://us.i.posthog.com, https://eu.i.posthog.com, or us or eu"
    )]
    NotAUrl(String),
    /// It is a key or has one in it, which would be looked up as a name and stand in logs.
    #[error("this is a key, not a host; write https://us.i.posthog.com, https://eu.i.posthog.com, or us or eu")]
    Key,
    /// What stood around the address came along, or nothing put the address in.
    #[error(transparent)]
    Text(#[from] InvalidText),
    /// It is several addresses.
    #[error("there is more than one address in it; write one, for events go to one server")]
    Several,
    /// A sign of the list or the line that it stood in came along.
    #[error("the address has a comma, a semicolon or brackets around it; take them off")]
    Separator,
    /// It has a character that no address has.
    #[error("there is a space or an invisible character in the address; take it out")]
    Character,
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
    /// It is the address of an endpoint, and not of the server that has it.
    #[error(
        "the address ends in {endpoint}, which is an endpoint of PostHog's and is added to it; write {address} (a proxy's \
         own path needs another name)"
    )]
    Endpoint {
        /// The endpoint: `/batch`.
        endpoint: &'static str,
        /// The address without it.
        address: String,
    },
    /// It is a page of PostHog's application, and not the server.
    #[error("this is the address of a page; write {0}")]
    Page(String),
    /// It is PostHog's cloud, with a path that it does not have.
    #[error("PostHog's cloud takes no events under a path; write {0}")]
    CloudPath(String),
    /// It is PostHog's cloud, at a port that it does not have.
    #[error("PostHog's cloud is at port 443 only; write {0}")]
    CloudPort(String),
    /// It is PostHog, and does not say in which region.
    #[error(
        "this is PostHog's website, which is in no region and takes no events; write us or eu, as the project's address \
         in PostHog begins"
    )]
    NoRegion,
}
