//! What the handle and the server's thread both hold.

#[cfg(feature = "tls")]
use std::sync::atomic::{AtomicU64, Ordering};

use crate::access::Access;
use crate::faults::ArmedFaults;
use crate::options::{InspectorOptions, Observer};
use crate::server::Gate;
use crate::store::{ReceivedEvent, Store};
#[cfg(feature = "tls")]
use crate::tls::Identity;

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) faults: ArmedFaults,
    pub(crate) gate: Gate,
    pub(crate) access: Access,
    observer: Option<Observer>,
    #[cfg(feature = "tls")]
    pub(crate) identity: Option<Identity>,
    #[cfg(feature = "tls")]
    failed_handshakes: AtomicU64,
}

impl Shared {
    pub(crate) fn new(options: InspectorOptions, access: Access) -> Self {
        Self {
            store: Store::new(options.capacity, options.capacity_bytes),
            faults: ArmedFaults::new(),
            gate: Gate::default(),
            access,
            observer: options.observer,
            #[cfg(feature = "tls")]
            identity: None,
            #[cfg(feature = "tls")]
            failed_handshakes: AtomicU64::new(0),
        }
    }

    /// Has connections speak TLS, as this identity.
    #[cfg(feature = "tls")]
    pub(crate) fn with_identity(self, identity: Option<Identity>) -> Self {
        Self { identity, ..self }
    }

    #[cfg(feature = "tls")]
    pub(crate) fn note_failed_handshake(&self) {
        self.failed_handshakes.fetch_add(1, Ordering::Relaxed);
    }

    #[cfg(feature = "tls")]
    pub(crate) fn failed_handshakes(&self) -> u64 {
        self.failed_handshakes.load(Ordering::Relaxed)
    }

    pub(crate) fn observe<'a>(&self, events: impl IntoIterator<Item = &'a ReceivedEvent>) {
        if let Some(observer) = &self.observer {
            events.into_iter().for_each(|event| observer(event));
        }
    }
}
