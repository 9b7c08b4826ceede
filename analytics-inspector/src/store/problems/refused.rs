//! A request that was refused, or broken off, with its events.

use std::collections::HashMap;

use bytes::Bytes;
use uuid::Uuid;

use crate::loss::LossReason;
use crate::received::{ContainedEvent, MAX_LOST, ReceivedRequest, events_in};

/// What is looked at of such a request. It is taken under the lock, so nothing of it is copied at length.
#[derive(Debug)]
pub(super) struct Refused {
    pub(super) number: u64,
    pub(super) status: Option<u16>,
    pub(super) endpoint: String,
    pub(super) reason: LossReason,
    pub(super) details: Option<String>,
    body: Option<Bytes>,
    /// Whether its body held events and is forgotten.
    is_forgotten: bool,
    /// Of the events that it carried and that were not accepted, why; empty if that is one reason for all.
    lost: HashMap<Uuid, LossReason>,
}

impl Refused {
    /// `None` if it was accepted. So it is for one that is in hand, and for one that a fault broke off before its body
    /// was there: nobody knows what it carried.
    pub(super) fn of(request: &ReceivedRequest) -> Option<Self> {
        let is_broken_off = request.status.is_none() && request.fault.is_some() && request.body().is_some();
        (request.is_refused() || is_broken_off).then(|| Self {
            number: request.number,
            status: request.status,
            endpoint: format!("{} {}", request.method, request.path),
            reason: request.loss.unwrap_or(LossReason::ArmedFault),
            // What is said of single events names them, and they are told one by one.
            details: request.reason.clone().filter(|_| request.lost.is_empty()),
            body: request.body.clone(),
            is_forgotten: request.body().is_none() && request.events > 0,
            lost: request.lost.iter().copied().collect(),
        })
    }

    /// Whether all of its events that were not accepted are known, or that there are none to know of.
    pub(super) fn is_complete(&self) -> bool {
        !self.is_forgotten && self.lost.len() < MAX_LOST
    }

    /// Whether nothing is known of its events, and was never known.
    pub(super) fn is_unreadable(&self, events: &[(ContainedEvent<'_>, LossReason)]) -> bool {
        !self.is_forgotten && events.is_empty()
    }

    /// Its events that were not accepted, each with the reason.
    pub(super) fn events(&self) -> Vec<(ContainedEvent<'_>, LossReason)> {
        let is_success = self.status.is_some_and(|status| (200..300).contains(&status));
        let is_by_event = is_success && !self.lost.is_empty();
        let events = self.body.as_deref().map(events_in).unwrap_or_default().into_iter();
        let judged = events.filter_map(|event| {
            let own = event.uuid.and_then(|uuid| self.lost.get(&uuid)).copied();
            let reason = if is_by_event { own? } else { own.unwrap_or(self.reason) };
            Some((event, reason))
        });
        judged.collect()
    }
}
