//! The verdict on one event.

use super::batch::RawEvent;
use super::options::Options;
use crate::loss::LossReason;
use crate::protocol::illegal_id::is_illegal_in_v1;
use crate::protocol::outcome::EventVerdict;
use crate::protocol::silent::{self, Traits};
use crate::protocol::{person, sizes};
use crate::received::ReceivedEvent;
use crate::time;

const MAX_NAME_BYTES: usize = 200;
const MAX_DISTINCT_ID_BYTES: usize = 200;

const PERSON_PROCESSING_DISABLED: &str = "person_processing_disabled";

impl RawEvent<'_> {
    pub(super) fn into_verdict(self, is_ai_lane: bool) -> EventVerdict {
        let options = self.options.read();
        let loss = self.objection(options.is_ok(), is_ai_lane);
        let (result, details) = match loss {
            Some(loss) => ("drop", Some(loss.as_str())),
            None => ("ok", is_illegal_in_v1(&self.distinct_id).then_some(PERSON_PROCESSING_DISABLED)),
        };
        let uuid = self.uuid;
        let event = self.into_received(options.unwrap_or_default());
        EventVerdict { uuid, result, details: details.map(str::to_owned), loss, event }
    }

    /// Why the event is dropped. The rules stand in the order in which PostHog's server looks.
    fn objection(&self, has_valid_options: bool, is_ai_lane: bool) -> Option<LossReason> {
        let distinct_id = self.distinct_id.trim();
        let is_ai = sizes::is_ai_event(&self.name);
        if self.name == "$performance_event" {
            Some(LossReason::DroppedPerformanceEvent)
        } else if self.name.is_empty() {
            Some(LossReason::MissingEventName)
        } else if self.name.len() > MAX_NAME_BYTES {
            Some(LossReason::EventNameTooLong)
        } else if distinct_id.is_empty() {
            Some(LossReason::MissingDistinctId)
        } else if distinct_id.len() > MAX_DISTINCT_ID_BYTES {
            Some(LossReason::DistinctIdTooLarge)
        } else if time::parse(&self.timestamp).is_none() {
            Some(LossReason::InvalidEventTimestamp)
        } else if !self.properties.is_none_or(|properties| properties.starts_with('{')) {
            // Nobody looks any further.
            Some(LossReason::MalformedEventProperties)
        } else if !has_valid_options {
            Some(LossReason::InvalidOptions)
        } else if is_ai_lane && !is_ai {
            Some(LossReason::MisroutedEvent)
        } else if is_ai && self.properties.unwrap_or_default().len() > sizes::MAX_AI_EVENT_BYTES {
            Some(LossReason::AiEventTooBig)
        } else if !is_ai && sizes::is_too_big(self.json) {
            Some(LossReason::EventTooBig)
        } else {
            None
        }
    }

    /// The event as it is remembered. The server writes an option over the property of that meaning.
    fn into_received(self, options: Options) -> ReceivedEvent {
        let is_off = match options.process_person_profile {
            Some(is_on) => !is_on,
            None => person::is_switched_off(self.json),
        };
        let traits = Traits { is_cookieless: options.cookieless_mode == Some(true), is_personless: is_off };
        let dropped = silent::reason(&self.name, traits, self.json);
        let is_personless = is_off || is_illegal_in_v1(&self.distinct_id);
        let event = ReceivedEvent::new(
            Some(self.uuid),
            self.name.into_owned(),
            self.distinct_id.trim().to_owned(),
            Some(self.timestamp.into_owned()),
            self.json,
        );
        ReceivedEvent { dropped, is_personless, ..event }
    }
}
