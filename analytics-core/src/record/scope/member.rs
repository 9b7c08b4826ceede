//! One thing that holds for every event of a handle.

use std::sync::Arc;

use crate::property::{Key, OwnedValue, Value};

/// What a member of a scope is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(u8)]
pub(super) enum Part {
    Property,
    Group,
    /// A kind of group without which no event is to be tracked.
    RequiredGroup,
    Context,
    Flag,
}

impl Part {
    /// One bit of its own.
    pub(super) const fn bit(self) -> u8 {
        1 << self as u8
    }
}

/// Where something stands in the scope's text.
#[derive(Clone, Copy, Debug)]
pub(super) struct Span {
    pub(super) start: usize,
    pub(super) end: usize,
}

impl Span {
    pub(super) const fn len(self) -> usize {
        self.end - self.start
    }

    pub(super) fn of(self, text: &str) -> &str {
        text.get(self.start..self.end).unwrap_or_default()
    }
}

/// A key and a value whose JSON is ready.
#[derive(Clone, Debug)]
pub(super) struct Member {
    pub(super) part: Part,
    pub(super) key: Span,
    pub(super) bit: u64,
    pub(super) is_plain: bool,
    pub(super) json: Span,
    pub(super) value: Stored,
}

/// A value, so that a clone of it allocates nothing.
#[derive(Clone, Debug)]
pub(super) enum Stored {
    /// A string.
    Text(Span),
    /// A value without members.
    Plain(OwnedValue),
    /// A list, an object or JSON.
    Shared(Arc<OwnedValue>),
}

impl Member {
    pub(super) fn key<'t>(&self, text: &'t str) -> Key<'t> {
        Key::rebuilt(self.key.of(text), self.bit, self.is_plain)
    }

    pub(super) fn value<'m>(&'m self, text: &'m str) -> Value<'m> {
        match &self.value {
            Stored::Text(span) => Value::Str(span.of(text)),
            Stored::Plain(value) => value.as_value(),
            Stored::Shared(value) => value.as_value(),
        }
    }

    /// The bytes of the text that are this member's alone.
    pub(super) fn bytes(&self) -> usize {
        let apart = match self.value {
            Stored::Text(span) if span.start >= self.json.end => span.len(),
            _ => 0,
        };
        self.key.len() + self.json.len() + apart
    }
}
