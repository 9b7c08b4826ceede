//! Variables by which an orchestrator announces a service that has one of our names.
//!
//! Kubernetes sets some for each Service of a namespace (`pkg/kubelet/envvars` of its source), unless a pod has
//! `enableServiceLinks: false`; Docker sets the same and more for each link (`daemon/links` of moby's). A name alone
//! can be somebody's, so its value has to be what they write.

use std::net::IpAddr;

use super::spelling::FAMILY;

/// Whether it announces a service: `ANALYTICS_SERVICE_HOST`, `ANALYTICS_QUEUE_PORT_80_TCP_ADDR`, `POSTHOG_NAME`.
pub(super) fn is_link(name: &str, value: Option<&str>) -> bool {
    let is_ours = FAMILY.iter().any(|prefix| name.strip_prefix(prefix).is_some_and(|rest| rest.starts_with('_')));
    // What a linked container has in its own environment can be anything.
    is_ours && (name.contains("_ENV_") || value.is_some_and(|value| announces(name, value)))
}

fn announces(name: &str, value: &str) -> bool {
    let ends = |end: &str| name.ends_with(end);
    (ends("_SERVICE_HOST") && is_address(value))
        || (ends("_SERVICE_PORT") && is_port(value))
        || (name.contains("_SERVICE_PORT_") && is_port(value))
        || (ends("_PORT") && is_endpoint(value))
        || (ends("_NAME") && value.starts_with('/'))
        || name.match_indices("_PORT_").any(|(at, found)| is_of_a_port(name.get(at + found.len()..), value))
}

/// What follows `_PORT_`: `80_TCP`, `80_TCP_ADDR`; and of a range of ports `80_TCP_START`, `80_TCP_PORT_END`.
fn is_of_a_port(rest: Option<&str>, value: &str) -> bool {
    let mut parts = rest.unwrap_or_default().splitn(3, '_');
    let (number, protocol) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
    if !is_port(number) || !is_protocol(&protocol.to_lowercase()) {
        return false;
    }
    match parts.next() {
        None | Some("START" | "END") => is_endpoint(value),
        Some("PROTO") => is_protocol(value),
        Some("PORT" | "PORT_START" | "PORT_END") => is_port(value),
        Some("ADDR") => is_address(value),
        Some(_) => false,
    }
}

/// `tcp://10.0.0.1:80`, `udp://[fd00::1]:53`
fn is_endpoint(value: &str) -> bool {
    let parts = value.split_once("://").and_then(|(protocol, rest)| Some((protocol, rest.rsplit_once(':')?)));
    parts.is_some_and(|(protocol, (host, port))| is_protocol(protocol) && is_address(host) && is_port(port))
}

fn is_address(value: &str) -> bool {
    value.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>().is_ok()
}

fn is_port(value: &str) -> bool {
    value.parse::<u16>().is_ok()
}

fn is_protocol(value: &str) -> bool {
    matches!(value, "tcp" | "udp" | "sctp")
}
