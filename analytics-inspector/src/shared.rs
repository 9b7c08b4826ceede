//! What the handle and the server's thread both hold.

use crate::faults::ArmedFaults;
use crate::options::{InspectorOptions, Observer};
use crate::store::{ReceivedEvent, Store};

pub(crate) struct Shared {
    pub(crate) store: Store,
    pub(crate) faults: ArmedFaults,
    observer: Option<Observer>,
}

impl Shared {
    pub(crate) fn new(options: InspectorOptions) -> Self {
        Self {
            store: Store::new(options.capacity, options.capacity_bytes),
            faults: ArmedFaults::default(),
            observer: options.observer,
        }
    }

    pub(crate) fn observe<'a>(&self, events: impl IntoIterator<Item = &'a ReceivedEvent>) {
        if let Some(observer) = &self.observer {
            events.into_iter().for_each(|event| observer(event));
        }
    }
}
