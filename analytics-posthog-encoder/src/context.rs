//! The circumstances of a record, and the flags that are known for its actor, in PostHog's words.

use analytics_core::json::{ObjectWriter, write_comma, write_display};
use analytics_core::{ContextKey, Key, Property, PropertyVisitor, Record, Value, json};

use crate::cookieless::Cookieless;
use crate::lifted::Lifted;
use crate::names;
use crate::protocol::Protocol;

/// Before a flag's key stands this.
pub(crate) const FLAG_PREFIX: &str = "$feature/";
pub(crate) const ACTIVE_FLAGS: &str = "$active_feature_flags";

/// What the record says itself of its circumstances and flags, in properties that were made by hand: it wins.
#[derive(Debug, Default)]
pub(crate) struct OwnContext(Vec<Box<str>>);

impl OwnContext {
    pub(crate) fn note(&mut self, key: &str) {
        if !key.starts_with('$') {
            return;
        }
        let is_context = || ContextKey::ALL.iter().any(|of| spelled(*of).contains(&key));
        if key == ACTIVE_FLAGS || key.starts_with(FLAG_PREFIX) || is_context() {
            self.0.push(key.into());
        }
    }

    fn has(&self, key: &str) -> bool {
        self.0.iter().any(|own| **own == *key)
    }

    fn has_flag(&self, flag: &str) -> bool {
        self.0.iter().any(|own| own.strip_prefix(FLAG_PREFIX) == Some(flag))
    }
}

/// The properties that PostHog's libraries send. `$raw_user_agent` is what its servers tell bots by; the others show
/// `$user_agent`, and posthog-python sends both (`posthog/integrations/django.py`). `$trace_id` and `$span_id` are
/// posthog-python's and posthog-rs's (`src/error_tracking.rs`), in lower-case digits.
pub(crate) const fn spelled(key: ContextKey) -> &'static [&'static str] {
    match key {
        ContextKey::SessionId => &["$session_id"],
        ContextKey::WindowId => &["$window_id"],
        ContextKey::ClientIp => &["$ip"],
        ContextKey::UserAgent => &["$user_agent", "$raw_user_agent"],
        ContextKey::TraceId => &["$trace_id"],
        ContextKey::SpanId => &["$span_id"],
        _ => &[],
    }
}

/// Writes the circumstances, and tells what else follows from them.
pub(crate) struct ContextWriter<'w, 'o> {
    pub(crate) inner: &'w mut ObjectWriter<'o>,
    pub(crate) own: &'w OwnContext,
    /// What v1 has places for beside the properties.
    pub(crate) lifted: &'w mut Lifted,
    /// What PostHog tells an event apart by that has no id.
    pub(crate) cookieless: &'w mut Cookieless,
    pub(crate) protocol: Protocol,
    /// Whether the client's address was written.
    pub(crate) has_ip: bool,
}

impl PropertyVisitor for ContextWriter<'_, '_> {
    fn visit(&mut self, property: &Property<'_>) {
        let Ok(key) = property.key().name().parse() else { return };
        for spelled in spelled(key) {
            if self.own.has(spelled) {
                continue;
            }
            self.has_ip |= key == ContextKey::ClientIp;
            self.cookieless.note(spelled, property.value());
            let is_lifted = self.protocol == Protocol::V1 && self.lifted.take(spelled, property.value()).is_some();
            if !is_lifted {
                self.inner.value(&Key::new(spelled), property.value());
            }
        }
    }
}

/// Writes `$feature/<key>` for each flag, and `$active_feature_flags` with the keys of those that are on, sorted as
/// posthog-python and posthog-node sort them.
pub(crate) fn write_flags(record: &Record<'_>, own: &OwnContext, out: &mut Vec<u8>) {
    record.visit_flags(&mut FlagWriter { out, own });
    if !own.has(ACTIVE_FLAGS) {
        names::write(out, ACTIVE_FLAGS, &[], |visitor| {
            record.visit_flags(&mut Enabled { own, inner: visitor });
        });
    }
}

struct FlagWriter<'o> {
    out: &'o mut Vec<u8>,
    own: &'o OwnContext,
}

impl PropertyVisitor for FlagWriter<'_> {
    fn visit(&mut self, property: &Property<'_>) {
        let flag = property.key().name();
        if self.own.has_flag(flag) {
            return;
        }
        let before = self.out.len();
        write_comma(self.out);
        let is_written = write_display(self.out, &format_args!("{FLAG_PREFIX}{flag}")).is_ok() && {
            self.out.push(b':');
            json::JsonWriter::new(self.out, &json::Limits::DEFAULT).value(property.value()).is_ok()
        };
        if !is_written {
            self.out.truncate(before);
        }
    }
}

/// Shows only flags that are on, as far as the event does not say itself what they are.
struct Enabled<'v> {
    own: &'v OwnContext,
    inner: &'v mut dyn PropertyVisitor,
}

impl PropertyVisitor for Enabled<'_> {
    fn visit(&mut self, property: &Property<'_>) {
        let is_on = !matches!(property.value(), Value::Bool(false));
        if is_on && !self.own.has_flag(property.key().name()) {
            self.inner.visit(property);
        }
    }
}
