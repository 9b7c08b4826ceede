//! A proxy on the way.

use hyper_util::client::proxy::matcher::Matcher;
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
        chosen(server.url.as_str(), variable).map(|variable| Self { variable })
    }

    pub(super) fn told(&self) -> Check {
        Check::ok("proxy", format!("{} is set: the proxy looks up, connects and shakes hands", self.variable))
    }
}

/// The variable that is obeyed for `url`, by the matcher that the sink's client obeys itself: of two spellings the
/// first that is set, and the one for every scheme where the other names no proxy.
fn chosen(url: &str, variable: impl Fn(&str) -> Option<String>) -> Option<&'static str> {
    let first = |names: [&'static str; 2]| names.into_iter().find_map(|name| variable(name).map(|value| (name, value)));
    let exempt = first(["NO_PROXY", "no_proxy"]).map_or_else(String::new, |(_, exempt)| exempt);
    let url = url.parse().ok()?;
    let is_obeyed = |proxy: &str| Matcher::builder().all(proxy).no(exempt.as_str()).build().intercept(&url).is_some();
    let proxies = [first(["HTTPS_PROXY", "https_proxy"]), first(["ALL_PROXY", "all_proxy"])];
    proxies.into_iter().flatten().find(|(_, proxy)| is_obeyed(proxy)).map(|(name, _)| name)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen_of(url: &str, variables: &[(&str, &str)]) -> Option<&'static str> {
        chosen(url, |name| variables.iter().find(|(other, _)| *other == name).map(|(_, value)| (*value).to_owned()))
    }

    #[test]
    fn an_entry_covers_a_host_and_those_below_it_and_a_network_its_addresses() {
        for (exempt, is_covered) in [
            ("*", true),
            ("us.i.posthog.com", true),
            ("other.test, posthog.com", true),
            (".posthog.com", true),
            ("hog.com", false),
            ("eu.i.posthog.com", false),
            ("", false),
        ] {
            let variables = [("HTTPS_PROXY", "http://proxy.test:3128"), ("NO_PROXY", exempt)];
            assert_eq!(chosen_of("https://us.i.posthog.com/", &variables).is_none(), is_covered, "{exempt}");
        }
        let variables = [("HTTPS_PROXY", "http://proxy.test:3128"), ("no_proxy", "10.0.0.0/8,[fd00::]/8")];
        assert_eq!(chosen_of("https://10.2.3.4/", &variables), None);
        assert_eq!(chosen_of("https://11.2.3.4/", &variables), Some("HTTPS_PROXY"));
    }

    #[test]
    fn the_variable_that_is_obeyed_is_named() {
        let url = "https://us.i.posthog.com/";
        assert_eq!(chosen_of(url, &[]), None);
        assert_eq!(chosen_of(url, &[("all_proxy", "proxy.test:3128")]), Some("all_proxy"));
        assert_eq!(
            chosen_of(url, &[("ALL_PROXY", "http://a.test"), ("https_proxy", "http://b.test")]),
            Some("https_proxy")
        );
        assert_eq!(chosen_of(url, &[("ALL_PROXY", "http://a.test"), ("HTTPS_PROXY", "")]), Some("ALL_PROXY"));
        assert_eq!(chosen_of(url, &[("HTTP_PROXY", "http://a.test")]), None);
    }
}
