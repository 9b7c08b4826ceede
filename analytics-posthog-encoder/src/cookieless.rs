//! Events that PostHog tells apart without an id.

use analytics_core::{DropReason, Refusal, Value, json};

use crate::value_kind::ValueKind;

/// Whether an event is to be told apart without an id, and has what PostHog tells it apart by.
#[derive(Debug, Default)]
pub(crate) struct Cookieless {
    is_asked_for: bool,
    has_user_agent: bool,
    has_host: bool,
}

impl Cookieless {
    pub(crate) fn note(&mut self, key: &str, value: Value<'_>) {
        let is_text = || ValueKind::of(value) == ValueKind::Text;
        match key {
            "$cookieless_mode" => self.is_asked_for = json::to_string(value).is_ok_and(|json| json == "true"),
            "$raw_user_agent" => self.has_user_agent = is_text(),
            "$host" => self.has_host = is_text(),
            _ => {}
        }
    }

    /// What PostHog would lose after its 200. Without the property the event would have an id after all.
    pub(crate) fn check(&self) -> Result<(), Refusal> {
        if self.is_asked_for && !(self.has_user_agent && self.has_host) {
            let why =
                "`$cookieless_mode` needs the client's `$raw_user_agent` and `$host`: PostHog drops the event without";
            return Err(Refusal::new(DropReason::Refused, why));
        }
        Ok(())
    }
}
