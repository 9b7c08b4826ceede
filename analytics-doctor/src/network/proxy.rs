//! A proxy on the way.

use product_analytics::config::Target;

use super::Server;
use crate::report::Check;

/// A variable that has the sink's client send through a proxy. What lies behind a proxy cannot be seen from here.
pub(super) struct Proxy {
    variable: &'static str,
}

impl Proxy {
    /// The proxy before this server, as far as the variables tell.
    pub(super) fn before(server: &Server, target: &Target, variable: impl Fn(&str) -> Option<String>) -> Option<Self> {
        // What is in clear text passes by all proxies, which would see the key.
        if target.region == "local" || server.url.scheme() != "https" {
            return None;
        }
        let names = ["HTTPS_PROXY", "https_proxy", "ALL_PROXY", "all_proxy"];
        let is_set = |name: &&&'static str| variable(name).is_some_and(|value| !value.trim().is_empty());
        let exempt = ["NO_PROXY", "no_proxy"].into_iter().find_map(&variable).unwrap_or_default();
        let name = names.iter().find(is_set)?;
        (!exempt.split(',').any(|entry| covers(entry.trim(), &server.name))).then_some(Self { variable: name })
    }

    pub(super) fn told(&self) -> Check {
        Check::ok("proxy", format!("{} is set: the proxy looks up, connects and shakes hands", self.variable))
    }
}

/// Whether an entry of `NO_PROXY` covers a host: it, a domain above it, or all.
fn covers(entry: &str, host: &str) -> bool {
    let domain = entry.trim_start_matches('.');
    let is_below = || host.strip_suffix(domain).is_some_and(|rest| rest.ends_with('.'));
    entry == "*" || (!domain.is_empty() && (host == domain || is_below()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_covers_a_host_and_those_below_it() {
        for (entry, is_covered) in [
            ("*", true),
            ("us.i.posthog.com", true),
            ("posthog.com", true),
            (".posthog.com", true),
            ("hog.com", false),
            ("eu.i.posthog.com", false),
            ("", false),
        ] {
            assert_eq!(covers(entry, "us.i.posthog.com"), is_covered, "{entry}");
        }
    }
}
