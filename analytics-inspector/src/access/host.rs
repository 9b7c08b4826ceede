//! Names of this machine.

/// Whether this is a loopback host or an allowed one, with any port or none.
pub(super) fn is_known(host: &str, allowed: &[String]) -> bool {
    is_loopback(host) || allowed.iter().any(|name| is_named(host, name))
}

fn is_loopback(host: &str) -> bool {
    ["127.0.0.1", "localhost", "[::1]"].iter().any(|name| is_named(host, name))
}

fn is_named(host: &str, name: &str) -> bool {
    host.split_at_checked(name.len())
        .is_some_and(|(host, port)| host.eq_ignore_ascii_case(name) && is_port_or_none(port))
}

fn is_port_or_none(text: &str) -> bool {
    text.is_empty() || text.strip_prefix(':').is_some_and(|port| port.parse::<u16>().is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_loopback_hosts_are_known_by_themselves() {
        for host in ["127.0.0.1", "127.0.0.1:8010", "LOCALHOST:1", "[::1]", "[::1]:80"] {
            assert!(is_known(host, &[]), "{host}");
        }
        for host in [
            "",
            "evil.example",
            "localhost.evil.example",
            "127.0.0.1.evil.example",
            "127.0.0.1:80@evil.example",
            "localhost:x",
            "::1",
            "éocalhost",
        ] {
            assert!(!is_known(host, &[]), "{host}");
        }
    }

    #[test]
    fn an_allowed_host_is_known_by_its_whole_name() {
        let allowed = ["inspector.test".to_owned(), "[fd00::1]".to_owned()];
        for (host, expected) in [
            ("inspector.test", true),
            ("INSPECTOR.test:80", true),
            ("[fd00::1]:80", true),
            ("localhost", true),
            ("xinspector.test", false),
            ("inspector.test.evil.example", false),
            ("inspector", false),
            ("", false),
        ] {
            assert_eq!(is_known(host, &allowed), expected, "{host}");
        }
    }
}
