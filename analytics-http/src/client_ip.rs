//! The client's address, which a proxy knows better than the connection.

use std::borrow::Cow;
use std::fmt;
use std::net::{IpAddr, SocketAddr};

use ipnet::IpNet;

use crate::head::RequestHead;

/// Where the client's address is found.
///
/// A header that names it can be written by anybody: it is read only where the connection comes from a proxy that is
/// trusted, and of the addresses in it the last one counts that is no trusted proxy's.
///
/// ```
/// use analytics_http::ClientIp;
///
/// let behind_load_balancers = ClientIp::behind(["10.0.0.0/8", "fd00::/8", "192.0.2.1"]).unwrap();
/// let behind_a_cdn = ClientIp::behind(["198.51.100.0/24"]).unwrap().in_header("CF-Connecting-IP");
/// ```
#[derive(Clone, Debug)]
pub struct ClientIp {
    proxies: Vec<IpNet>,
    header: Cow<'static, str>,
}

/// A text is no address of a proxy and no network of addresses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct InvalidProxy(String);

impl fmt::Display for InvalidProxy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:?} is no proxy: write an address, `192.0.2.1`, or a network, `10.0.0.0/8`", self.0)
    }
}

impl std::error::Error for InvalidProxy {}

impl ClientIp {
    /// The address from which the connection comes, for a service that clients reach directly.
    #[must_use]
    pub fn of_connection() -> Self {
        Self { proxies: Vec::new(), header: Cow::Borrowed("x-forwarded-for") }
    }

    /// The address that these proxies tell in `X-Forwarded-For`. Who is no proxy of these is the client.
    ///
    /// # Errors
    /// If one is no address and no network.
    pub fn behind<P: AsRef<str>>(proxies: impl IntoIterator<Item = P>) -> Result<Self, InvalidProxy> {
        let proxies = proxies.into_iter().map(|proxy| {
            let proxy = proxy.as_ref().trim();
            let network = proxy.parse().or_else(|_| proxy.parse::<IpAddr>().map(IpNet::from));
            network.map_err(|_| InvalidProxy(proxy.to_owned()))
        });
        Ok(Self { proxies: proxies.collect::<Result<_, _>>()?, ..Self::of_connection() })
    }

    /// The same, in a header of another name: one address, or several separated by commas, the proxy's own client last.
    #[must_use]
    pub fn in_header(mut self, name: impl Into<Cow<'static, str>>) -> Self {
        self.header = name.into().to_ascii_lowercase().into();
        self
    }

    fn is_proxy(&self, ip: IpAddr) -> bool {
        self.proxies.iter().any(|network| network.contains(&ip))
    }

    /// The client's address; `None` where it is not known.
    pub(crate) fn find(&self, head: &RequestHead<'_>) -> Option<IpAddr> {
        let peer = head.peer()?.to_canonical();
        if !self.is_proxy(peer) {
            return Some(peer);
        }
        // What the addresses so far say: each adds to those before it. A proxy's says whose connection it was, which is
        // what stands before it; all before a client, or before what is no address, was written by nobody who is known.
        let mut client = None;
        head.visit(&self.header, &mut |value| {
            for part in value.split(|byte| *byte == b',') {
                match address(part) {
                    Some(ip) if self.is_proxy(ip) => _ = client.get_or_insert(Some(ip)),
                    address => client = Some(address),
                }
            }
        });
        client.unwrap_or(Some(peer))
    }
}

/// An address, with or without a port.
fn address(text: &[u8]) -> Option<IpAddr> {
    let text = str::from_utf8(text).ok()?.trim();
    let ip = text.parse().ok().or_else(|| text.parse::<SocketAddr>().ok().map(|address| address.ip()));
    let bracketed = || text.strip_prefix('[')?.strip_suffix(']')?.parse().ok();
    ip.or_else(bracketed).map(|ip| ip.to_canonical())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(client_ip: &ClientIp, peer: &str, values: &[impl AsRef<[u8]>]) -> Option<String> {
        let headers = |name: &str, visit: &mut dyn FnMut(&[u8])| {
            if name == "x-forwarded-for" {
                for value in values {
                    visit(value.as_ref());
                }
            }
        };
        let head = RequestHead::new("GET", &headers).with_peer(peer.parse().ok());
        client_ip.find(&head).map(|ip| ip.to_string())
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let behind = ClientIp::behind(["10.0.0.0/8", "::1"]).unwrap();
        for (peer, values, client) in [
            ("198.51.100.1", &["203.0.113.7"][..], Some("198.51.100.1")),
            ("10.0.0.1", &[], Some("10.0.0.1")),
            ("10.0.0.1", &["203.0.113.7"], Some("203.0.113.7")),
            ("::ffff:10.0.0.1", &["203.0.113.7:1234"], Some("203.0.113.7")),
            ("::1", &["[2001:db8::1]:80"], Some("2001:db8::1")),
            ("::1", &["[2001:db8::1]"], Some("2001:db8::1")),
            // A client may have written what stands before the address that the proxy added.
            ("10.0.0.1", &["1.1.1.1, 203.0.113.7 ,10.0.0.2"], Some("203.0.113.7")),
            ("10.0.0.1", &["1.1.1.1", "203.0.113.7", "10.0.0.2"], Some("203.0.113.7")),
            ("10.0.0.1", &["10.0.0.3, 10.0.0.2"], Some("10.0.0.3")),
            ("10.0.0.1", &["203.0.113.7, unknown"], None),
            ("10.0.0.1", &["unknown, 203.0.113.7"], Some("203.0.113.7")),
            ("10.0.0.1", &["unknown, 10.0.0.2"], None),
            ("10.0.0.1", &["10.0.0.3, 203.0.113.7, 10.0.0.2, 10.0.0.4"], Some("203.0.113.7")),
            ("10.0.0.1", &[""], None),
            ("", &["203.0.113.7"], None),
        ] {
            assert_eq!(found(&behind, peer, values).as_deref(), client, "{peer} {values:?}");
        }
        // A line that is no text is as much of the list as any other.
        for (values, client) in [
            (vec![&b"6.6.6.6"[..], b"\xff, 203.0.113.7"], Some("203.0.113.7")),
            (vec![b"6.6.6.6, \xff"], None),
            (vec![b"\xff", b"10.0.0.2"], None),
        ] {
            assert_eq!(found(&behind, "10.0.0.1", &values).as_deref(), client, "{values:?}");
        }
        let direct = ClientIp::of_connection();
        assert_eq!(found(&direct, "10.0.0.1", &["203.0.113.7"]).as_deref(), Some("10.0.0.1"));
    }

    #[test]
    fn what_is_no_proxy_is_told() {
        let error = ClientIp::behind(["10.0.0.0/8", "10.0.0.0/40"]).unwrap_err();
        assert_eq!(
            error.to_string(),
            "\"10.0.0.0/40\" is no proxy: write an address, `192.0.2.1`, or a network, `10.0.0.0/8`"
        );
    }
}
