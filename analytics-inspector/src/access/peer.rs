//! The other end of a connection.

use std::net::{IpAddr, SocketAddr};

/// Where a request comes from, by the address of its socket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Peer(IpAddr);

impl Peer {
    pub(crate) fn new(addr: SocketAddr) -> Self {
        // A socket of IPv6 has IPv4's addresses inside its own.
        Self(addr.ip().to_canonical())
    }

    /// Whether it came over the loopback interface. A program of this machine that uses another of its addresses is
    /// told from no other machine.
    pub(super) fn is_local(self) -> bool {
        self.0.is_loopback()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn loopback_is_local_in_every_form_and_nothing_else_is() {
        for (ip, expected) in [
            ("127.0.0.1", true),
            ("127.9.8.7", true),
            ("::1", true),
            ("::ffff:127.0.0.1", true),
            ("0.0.0.0", false),
            ("::", false),
            ("192.0.2.1", false),
            ("10.0.0.1", false),
            ("169.254.1.1", false),
            ("::ffff:192.0.2.1", false),
            ("::127.0.0.1", false),
            ("64:ff9b::7f00:1", false),
            ("fe80::1", false),
            ("fd00::1", false),
        ] {
            assert_eq!(Peer::new(SocketAddr::new(ip.parse().unwrap(), 1)).is_local(), expected, "{ip}");
        }
    }
}
