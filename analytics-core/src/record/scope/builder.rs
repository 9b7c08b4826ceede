//! Making a child of a scope.

use std::fmt;
use std::net::IpAddr;
use std::sync::Arc;

use analytics_rules::display::OneLine;

use super::Scope;
use super::member::{Member, Part, Span, Stored};
use super::room::Room;
use crate::actor::IntoDistinctId;
use crate::bytes::has_control;
use crate::context::{ContextKey, Flags, TraceContext};
use crate::json::{JsonError, JsonWriter, Limits};
use crate::log_target::TARGET;
use crate::once_per_key::OncePerKey;
use crate::property::{Key, OwnedValue, Properties, Property, PropertyVisitor, Value};
use crate::unwind::catch_panic;

/// The longest text of a context, such as a user agent; a longer one is cut by nobody and left out.
const MAX_CONTEXT_BYTES: usize = 1_000;
/// The longest key of a flag: a backend may put a word before it, and a property's key has 200 bytes.
const MAX_FLAG_KEY_BYTES: usize = 180;

/// What is to hold for every event of a handle, while it is put together: see
/// [`Analytics::scoped`](crate::Analytics::scoped).
///
/// What is said here wins over what the handle has already. What cannot be written down is left out, and logged if it
/// is the first under its key. Each method returns the builder again, so that calls can be chained.
pub struct ScopeBuilder<'s> {
    text: Vec<u8>,
    members: Vec<Member>,
    /// Bytes of the text that no member has any more.
    unused: usize,
    sampling_rate: Option<f64>,
    has_panicked: bool,
    logged_keys: &'s OncePerKey,
}

impl fmt::Debug for ScopeBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopeBuilder").field("members", &self.members.len()).finish_non_exhaustive()
    }
}

impl<'s> ScopeBuilder<'s> {
    pub(super) fn new(parent: &Scope, room: Room, logged_keys: &'s OncePerKey) -> Self {
        let mut text = Vec::with_capacity(parent.text.len() + room.bytes);
        text.extend_from_slice(parent.text.as_bytes());
        let mut members = Vec::with_capacity(parent.members.len() + room.members);
        members.extend_from_slice(&parent.members);
        let used = members.iter().map(Member::bytes).sum::<usize>();
        Self {
            unused: text.len().saturating_sub(used),
            text,
            members,
            sampling_rate: parent.sampling_rate,
            has_panicked: parent.has_panicked,
            logged_keys,
        }
    }

    /// Runs the host's code on this builder.
    pub(super) fn change(&mut self, change: impl FnOnce(&mut Self)) {
        if catch_panic(|| change(&mut *self)).is_none() {
            self.has_panicked = true;
            self.tell("", "what makes it panicked, and its events are dropped");
        }
    }

    /// A property of every event that does not set it itself. [`Value::Null`], which is what a `None` becomes, takes an
    /// inherited property away.
    pub fn property<'v>(&mut self, key: &str, value: impl Into<Value<'v>>) -> &mut Self {
        self.put(Part::Property, key, value.into())
    }

    /// Properties, as [`property`](Self::property) for each: derived ones, a map, pairs.
    pub fn properties(&mut self, properties: &dyn Properties) -> &mut Self {
        self.put_all(Part::Property, properties)
    }

    /// The group `id` of this kind, in which every event happens.
    pub fn group<'v>(&mut self, kind: &str, id: impl IntoDistinctId<'v>) -> &mut Self {
        self.put(Part::Group, kind, id.into_distinct_id().value())
    }

    /// A kind of group without which no event is tracked: see
    /// [`Analytics::requiring_group`](crate::Analytics::requiring_group).
    pub fn required_group(&mut self, kind: &str) -> &mut Self {
        // It is there or it is not: the value says nothing.
        self.put(Part::RequiredGroup, kind, Value::Bool(true))
    }

    /// The client's session, under the id that its front end gave it.
    pub fn session<'v>(&mut self, id: impl IntoDistinctId<'v>) -> &mut Self {
        self.put_id(ContextKey::SessionId, id)
    }

    /// The window or tab of the session.
    pub fn window<'v>(&mut self, id: impl IntoDistinctId<'v>) -> &mut Self {
        self.put_id(ContextKey::WindowId, id)
    }

    /// The client's address. A backend may look up where it is.
    pub fn client_ip(&mut self, ip: IpAddr) -> &mut Self {
        self.put(Part::Context, ContextKey::ClientIp.as_str(), Value::Display(&ip))
    }

    /// The program that the client says it is: the value of `User-Agent`, at most 1,000 bytes.
    pub fn user_agent(&mut self, user_agent: &str) -> &mut Self {
        let key = ContextKey::UserAgent.as_str();
        if user_agent.is_empty() || user_agent.len() > MAX_CONTEXT_BYTES {
            self.tell(key, "it is empty or longer than 1,000 bytes");
            return self;
        }
        self.put(Part::Context, key, Value::Str(user_agent))
    }

    /// The span of a distributed trace.
    pub fn trace(&mut self, trace: TraceContext) -> &mut Self {
        self.put(Part::Context, ContextKey::TraceId.as_str(), Value::Display(&trace.trace_id));
        self.put(Part::Context, ContextKey::SpanId.as_str(), Value::Display(&trace.span_id))
    }

    /// Feature flags and what each is for the actor. A flag that the handle has already keeps its value unless it is
    /// among them. A key has at most 180 bytes and no control characters.
    pub fn flags(&mut self, flags: &Flags) -> &mut Self {
        self.put_all(Part::Flag, flags)
    }

    /// The share of the actors whose events are tracked, from 0 to 1, where whoever tracks chooses them: 0.1 for one in
    /// ten, so that each event stands for ten. [`Sample`](crate::Sample) says it by itself. Another number is left out.
    pub fn sampling_rate(&mut self, rate: f64) -> &mut Self {
        if (0.0..=1.0).contains(&rate) {
            self.sampling_rate = Some(rate);
        } else {
            self.tell("sampling_rate", "it is not a number from 0 to 1");
        }
        self
    }

    fn put_id<'v>(&mut self, key: ContextKey, id: impl IntoDistinctId<'v>) -> &mut Self {
        let id = id.into_distinct_id();
        if id.is_valid() {
            return self.put(Part::Context, key.as_str(), id.value());
        }
        self.tell(key.as_str(), "the id is blank, longer than 200 bytes, or has control characters");
        self
    }

    fn put_all(&mut self, part: Part, properties: &dyn Properties) -> &mut Self {
        let room = Room::for_properties(properties);
        self.text.reserve(room.bytes);
        self.members.reserve(room.members);
        let is_read = catch_panic(|| properties.visit_properties(&mut Putting { part, builder: &mut *self }));
        if is_read.is_none() {
            self.has_panicked = true;
            self.tell("", "they panicked while they were read, and the events of their scope are dropped");
        }
        self
    }

    fn put(&mut self, part: Part, key: &str, value: Value<'_>) -> &mut Self {
        self.remove(part, key);
        if matches!(value, Value::Null) {
            return self;
        }
        let is_key = !key.trim().is_empty() && key.len() <= MAX_FLAG_KEY_BYTES && !has_control(key.as_bytes());
        if part == Part::Flag && !is_key {
            self.tell(key, "a flag's key is blank, longer than 180 bytes, or has control characters");
            return self;
        }
        let before = self.text.len();
        match catch_panic(|| self.write(part, key, value)) {
            Some(Ok(member)) => self.members.insert(self.place(part, key), member),
            Some(Err(error)) => {
                self.text.truncate(before);
                self.tell(key, &error.to_string());
            }
            None => {
                self.text.truncate(before);
                self.has_panicked = true;
                self.tell(key, "it panicked, and the events of its scope are dropped");
            }
        }
        self
    }

    /// Flags stand in the order of their keys, all else in the order in which it was said.
    fn place(&self, part: Part, key: &str) -> usize {
        let is_behind = |member: &Member| {
            member.part == part && self.text.get(member.key.start..member.key.end) > Some(key.as_bytes())
        };
        let end = self.members.len();
        if part == Part::Flag { self.members.iter().position(is_behind).unwrap_or(end) } else { end }
    }

    fn remove(&mut self, part: Part, key: &str) {
        let text = &self.text;
        let is_same =
            |member: &Member| member.part == part && text.get(member.key.start..member.key.end) == Some(key.as_bytes());
        if let Some(index) = self.members.iter().position(is_same) {
            self.unused += self.members.remove(index).bytes();
        }
    }

    /// Appends the key, the value's JSON and, where that is another text, the string.
    fn write(&mut self, part: Part, key: &str, value: Value<'_>) -> Result<Member, JsonError> {
        let known = Key::new(key);
        let (bit, is_plain) = (known.bit(), known.is_plain());
        let key = self.append(key);
        let start = self.text.len();
        JsonWriter::new(&mut self.text, &Limits::DEFAULT).value(value)?;
        let json = Span { start, end: self.text.len() };
        let value = match value {
            Value::Str(text) => Stored::Text(self.string(json, text)),
            // It is between the quotes as it is displayed.
            Value::Display(_) if !self.text.get(start..).is_some_and(|json| json.contains(&b'\\')) => {
                Stored::Text(Span { start: start + 1, end: json.end - 1 })
            }
            value => {
                let value = value.into_owned();
                match &value {
                    OwnedValue::Str(text) => Stored::Text(self.string(json, text)),
                    OwnedValue::List(_) | OwnedValue::Object(_) | OwnedValue::Json(_) => {
                        Stored::Shared(Arc::new(value))
                    }
                    _ => Stored::Plain(value),
                }
            }
        };
        Ok(Member { part, key, bit, is_plain, json, value })
    }

    /// Where a string stands whose JSON is there: between its quotes, unless something in it is escaped.
    fn string(&mut self, json: Span, text: &str) -> Span {
        if json.len() == text.len() + 2 { Span { start: json.start + 1, end: json.end - 1 } } else { self.append(text) }
    }

    fn append(&mut self, text: &str) -> Span {
        let start = self.text.len();
        self.text.extend_from_slice(text.as_bytes());
        Span { start, end: self.text.len() }
    }

    fn tell(&self, key: &str, why: &str) {
        if self.logged_keys.is_first(key) {
            catch_panic(|| {
                let key = OneLine::new(&key).quoted().at_most(60);
                tracing::warn!(
                    target: TARGET, %key,
                    "a property was left out of a scope: {why}; later ones under this key are not told"
                );
            });
        }
    }

    pub(super) fn build(self) -> Scope {
        let Self { text, members, unused, sampling_rate, has_panicked, .. } = self;
        let parts = members.iter().fold(0, |parts, member| parts | member.part.bit());
        let text = String::from_utf8(text).unwrap_or_default();
        let scope = Scope { text, members, parts, sampling_rate, has_panicked };
        // A handle that replaces its parent's property, again and again, may not grow by that.
        if unused > scope.text.len() / 2 { scope.compacted() } else { scope }
    }
}

impl Scope {
    /// The same with a text in which only what its members have stands.
    pub(super) fn compacted(self) -> Self {
        let Self { text, mut members, parts, sampling_rate, has_panicked } = self;
        let mut compact = String::with_capacity(members.iter().map(Member::bytes).sum());
        let mut moved = |span: &mut Span| {
            let start = compact.len();
            compact.push_str(span.of(&text));
            *span = Span { start, end: compact.len() };
        };
        for member in &mut members {
            let json = member.json;
            moved(&mut member.key);
            moved(&mut member.json);
            match &mut member.value {
                Stored::Text(span) if span.start >= json.end => moved(span),
                Stored::Text(span) => {
                    *span = Span { start: member.json.start + 1, end: member.json.end - 1 };
                }
                Stored::Plain(_) | Stored::Shared(_) => {}
            }
        }
        Self { text: compact, members, parts, sampling_rate, has_panicked }
    }
}

/// A visitor that puts what it sees into a scope.
struct Putting<'b, 's> {
    part: Part,
    builder: &'b mut ScopeBuilder<'s>,
}

impl PropertyVisitor for Putting<'_, '_> {
    fn visit(&mut self, property: &Property<'_>) {
        self.builder.put(self.part, property.key().name(), property.value());
    }
}
