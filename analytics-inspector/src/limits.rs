//! How much an inspector puts up with.

use std::time::Duration;

const MIB: usize = 1024 * 1024;

/// What clients may take of an inspector, whatever they mean by it. The defaults are far from what services need.
///
/// ```
/// use analytics_inspector::{InspectorOptions, Limits};
///
/// let mut limits = Limits::default();
/// limits.connections = 64;
/// let options = InspectorOptions::default().with_limits(limits);
/// ```
///
/// Faults are beyond these limits: an answer that is late or never comes on purpose may be so for hours.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Limits {
    /// How many connections are open at once. One more takes the place of the one that has waited for the longest time
    /// for a request or for the rest of it; where every one of them is being answered, it is closed. Default 512.
    pub connections: usize,
    /// How many streams are open at once, those of pages included. One more is answered 503. Default 64.
    pub streams: usize,
    /// How many bytes of bodies and of answers are in hand at once, over all connections: as they come, inflated, taken
    /// apart, or on their way out. What goes beyond is answered 503. What is remembered is not counted here, it has the
    /// [capacity](crate::InspectorOptions::with_capacity_bytes). Default 256 MiB.
    pub bytes_in_hand: usize,
    /// How long the head of a request may take, from its first byte on or, on a new connection, from the beginning.
    /// Then the connection is closed. Default 10 seconds.
    pub head: Duration,
    /// How long a connection may wait for its next request. Then it is closed. Default 2 minutes.
    pub idle: Duration,
    /// How long nothing may come of a body, which then is answered 408, and how long a client may read nothing of an
    /// answer, whose connection is closed then. Default 10 seconds.
    pub stall: Duration,
    /// How long a body may take. Then it is answered 408. Default 5 minutes.
    pub body: Duration,
    /// How long the decoding of a body may take. Then it is answered 503. Default 30 seconds: without optimization the
    /// largest body takes some.
    pub decoding: Duration,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connections: 512,
            streams: 64,
            bytes_in_hand: 256 * MIB,
            head: Duration::from_secs(10),
            idle: Duration::from_secs(120),
            stall: Duration::from_secs(10),
            body: Duration::from_secs(300),
            decoding: Duration::from_secs(30),
        }
    }
}
