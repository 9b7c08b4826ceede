//! What arrives, in either protocol.

use analytics_core::{Analytics, Ledger};
use analytics_inspector::{Inspector, InspectorOptions, ReceivedEvent};
use analytics_posthog::Protocol;

use crate::harness::fixture::{LONG, OrFail, config, spawn};
use crate::unmet::{Unmet, ensure};

/// Both forms in which events are sent.
pub(super) const PROTOCOLS: [Protocol; 2] = [Protocol::V0, Protocol::V1];

/// A sink, and a server that keeps all it is sent.
pub(super) struct Delivered {
    pub(super) analytics: Analytics,
    inspector: Inspector,
}

impl Delivered {
    pub(super) fn start(protocol: Protocol) -> Result<Self, Unmet> {
        let options = InspectorOptions::default().with_capacity_bytes(256 << 20);
        let inspector = Inspector::start(options).or_fail("the server did not start")?;
        let mut config = config(&inspector.url())?;
        config.options.protocol = protocol;
        Ok(Self { analytics: spawn(config)?, inspector })
    }

    /// Tracks something, and yields what arrived of it, with the ledger after it.
    pub(super) fn of(&self, track: impl FnOnce(&Analytics)) -> Result<(Vec<ReceivedEvent>, Ledger), Unmet> {
        track(&self.analytics);
        let ledger = self.analytics.flush_blocking(LONG);
        ensure(ledger.is_settled(), || format!("not settled: {ledger}"))?;
        let events = self.inspector.events();
        self.inspector.reset();
        Ok((events, ledger))
    }
}
