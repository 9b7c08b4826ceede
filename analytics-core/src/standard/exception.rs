//! An error as an event.

use std::any::{Any, type_name};
use std::borrow::Cow;
use std::error::Error;
use std::fmt::{self, Write as _};
use std::panic::Location;

use crate::event::{DescribedEvent, Event, EventDescription, EventKind, StandardEvent};
use crate::property::{Key, Privacy, Properties, PropertyDescription, PropertyType, PropertyVisitor, Value, ValueList};
use crate::unwind::catch_panic;

/// As many errors of a chain are told.
const MAX_ERRORS: usize = 16;
/// As many bytes of an error's message are told.
const MAX_MESSAGE_BYTES: usize = 2_000;
/// As many bytes of a type's name, or of a fingerprint.
const MAX_NAME_BYTES: usize = 200;

/// An error, with those that caused it, as an event: `analytics.track(actor, Exception::of(&error))`.
///
/// ```
/// use analytics_core::{Actor, Analytics, Exception};
///
/// fn import(analytics: &Analytics, file: &str) -> std::io::Result<String> {
///     std::fs::read_to_string(file).inspect_err(|error| {
///         analytics.track(Actor::service("importer"), Exception::of(error));
///     })
/// }
/// ```
///
/// It is an event like any other: nothing is installed, no panic is caught, and a handle's scope holds for it. It has
/// no stack trace. Errors are joined to one issue by their fingerprint: the type of the outermost error and the line
/// that calls [`of`](Self::of), unless [`with_fingerprint`](Self::with_fingerprint) says another.
///
/// Messages are sent as they are displayed: what an error says of a person is sent with it.
#[derive(Clone, Debug)]
pub struct Exception {
    errors: Vec<Link>,
    level: ExceptionLevel,
    is_handled: bool,
    fingerprint: Box<str>,
}

/// One error of a chain.
#[derive(Clone, Debug)]
struct Link {
    kind: Box<str>,
    message: Box<str>,
}

/// How bad an error is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ExceptionLevel {
    /// The program, or a task of it, ends.
    Fatal,
    /// Something failed.
    #[default]
    Error,
    /// Something went wrong and was made good.
    Warning,
    /// Something is worth knowing.
    Info,
    /// Something is worth knowing while looking for a fault.
    Debug,
}

analytics_rules::words! {
    ExceptionLevel { Fatal = "fatal", Error = "error", Warning = "warning", Info = "info", Debug = "debug" }
}

impl Exception {
    /// The error with its [sources](Error::source), at most 16, and of each message at most 2,000 bytes.
    ///
    /// The type of `error` is told by its name; of a source nobody knows more than that it is an error, unless
    /// [`with_source_types`](Self::with_source_types) tells. Of a `Box<dyn Error>` the type is not known either.
    #[must_use]
    #[track_caller]
    pub fn of<E: Error + ?Sized>(error: &E) -> Self {
        let kind = short_name(type_name::<E>());
        let mut errors = vec![Link::new(&kind, &error)];
        // A source is the host's code, and a chain may have no end.
        catch_panic(|| {
            let mut source = error.source();
            while let Some(error) = source
                && errors.len() < MAX_ERRORS
            {
                errors.push(Link::new("Error", &error));
                source = error.source();
            }
        });
        Self::new(errors, Location::caller())
    }

    /// What a panic said, as `catch_unwind` and `CatchPanicLayer::custom` hand it over: a fatal error of type `Panic`
    /// that nobody handled. Panics that say the same, numbers aside, are one issue.
    #[must_use]
    #[track_caller]
    pub fn of_panic(payload: &(dyn Any + Send)) -> Self {
        // Who hands over the box means what is in it.
        let payload = payload.downcast_ref::<Box<dyn Any + Send>>().map_or(payload, |inner| &**inner);
        let message = payload.downcast_ref::<String>().map(String::as_str);
        let message = message.or_else(|| payload.downcast_ref::<&str>().copied()).unwrap_or("a panic without a text");
        let panic = Self::new(vec![Link::new("Panic", &message)], Location::caller());
        // All come by the line that catches them; what they say tells them apart, but for its numbers.
        let without_numbers: String = message.chars().filter(|c| !c.is_ascii_digit()).collect();
        panic.with_fingerprint(&format!("Panic {without_numbers}")).with_level(ExceptionLevel::Fatal).unhandled()
    }

    /// An error that is no Rust type: another system's answer, say. `kind` is what such errors are called.
    #[must_use]
    #[track_caller]
    pub fn named(kind: &str, message: &dyn fmt::Display) -> Self {
        Self::new(vec![Link::new(kind, message)], Location::caller())
    }

    fn new(errors: Vec<Link>, place: &Location<'_>) -> Self {
        let kind = errors.first().map_or("", |link| &link.kind);
        let fingerprint = format!("{kind} {}:{}", place.file(), place.line()).into();
        Self { errors, level: ExceptionLevel::Error, is_handled: true, fingerprint }
    }

    /// Names the types of the sources, from the outermost on: `with_source_types(["sqlx::Error", "io::Error"])`.
    #[must_use]
    pub fn with_source_types<'t>(mut self, types: impl IntoIterator<Item = &'t str>) -> Self {
        for (link, kind) in self.errors.iter_mut().skip(1).zip(types) {
            link.kind = cut(kind, MAX_NAME_BYTES).into();
        }
        self
    }

    /// Sets how bad it is; default [`ExceptionLevel::Error`].
    #[must_use]
    pub fn with_level(mut self, level: ExceptionLevel) -> Self {
        self.level = level;
        self
    }

    /// Says that nobody handled it: the request or the task failed of it. By default it counts as handled.
    #[must_use]
    pub fn unhandled(mut self) -> Self {
        self.is_handled = false;
        self
    }

    /// Sets what joins errors to one issue: those of one fingerprint are one, whatever their types and messages. A
    /// blank one changes nothing; of a long one 200 bytes count.
    #[must_use]
    pub fn with_fingerprint(mut self, fingerprint: &str) -> Self {
        if !fingerprint.trim().is_empty() {
            self.fingerprint = cut(fingerprint, MAX_NAME_BYTES).into();
        }
        self
    }

    /// The type of the outermost error: the last part of its name, without what it is generic over, or all of it where
    /// that is no more than `Error`.
    #[must_use]
    pub fn kind(&self) -> &str {
        self.errors.first().map_or("", |link| &link.kind)
    }

    /// What the outermost error says.
    #[must_use]
    pub fn message(&self) -> &str {
        self.errors.first().map_or("", |link| &link.message)
    }
}

impl Link {
    fn new(kind: &str, message: &dyn fmt::Display) -> Self {
        Self { kind: cut(kind, MAX_NAME_BYTES).into(), message: displayed(message).into() }
    }
}

/// What an error says, as far as it is told. Its `Display` is the host's code, and may fail, panic or have no end.
fn displayed(message: &dyn fmt::Display) -> String {
    struct Cut(String, bool);

    impl fmt::Write for Cut {
        fn write_str(&mut self, text: &str) -> fmt::Result {
            let room = if self.1 { 0 } else { MAX_MESSAGE_BYTES.saturating_sub(self.0.len()) };
            let told = cut(text, room);
            self.0.push_str(told);
            // Nobody has to display the rest.
            self.1 |= told.len() < text.len();
            if self.1 { Err(fmt::Error) } else { Ok(()) }
        }
    }

    let mut text = Cut(String::new(), false);
    let is_told = catch_panic(|| write!(text, "{message}"));
    let Cut(text, is_cut) = text;
    match is_told {
        Some(Ok(())) if !is_cut => text,
        Some(_) => text + "…",
        None => text + "<its display panicked>",
    }
}

/// As much of `text` as fits, in whole characters.
fn cut(text: &str, bytes: usize) -> &str {
    let end = (0..=bytes.min(text.len())).rev().find(|end| text.is_char_boundary(*end));
    end.and_then(|end| text.get(..end)).unwrap_or_default()
}

const POINTERS: [&str; 3] = ["alloc::boxed::Box<", "alloc::sync::Arc<", "alloc::rc::Rc<"];

/// `OrderError` of `shop::orders::OrderError<T>`, and of one that is called no more than `Error` whose it is:
/// `std::io::Error`; `Error` of anything that is no named type, such as `dyn Error`.
fn short_name(name: &str) -> Cow<'_, str> {
    let mut name = name.trim_start_matches('&');
    // What a pointer points to is meant.
    while let Some(inner) = POINTERS.iter().find_map(|pointer| name.strip_prefix(pointer)) {
        name = inner.strip_suffix('>').unwrap_or(inner);
    }
    let path = name.split('<').next().unwrap_or(name);
    if path.starts_with("dyn ") {
        return "Error".into();
    }
    match path.rsplit("::").next() {
        Some("Error") => path.split("::").filter(|module| *module != "error").collect::<Vec<_>>().join("::").into(),
        Some(last) if !last.is_empty() => last.into(),
        _ => name.into(),
    }
}

/// The chain as a list of objects, the outermost error first.
impl ValueList for Exception {
    fn visit_values(&self, visit: &mut dyn FnMut(Value<'_>)) {
        let is_chained = self.errors.len() > 1;
        for (index, link) in self.errors.iter().enumerate() {
            let mechanism = Mechanism { index, is_chained, is_handled: self.is_handled };
            visit(Value::Object(&LinkProperties { link, mechanism }));
        }
    }
}

struct LinkProperties<'e> {
    link: &'e Link,
    mechanism: Mechanism,
}

/// How an error came to be known.
struct Mechanism {
    index: usize,
    is_chained: bool,
    is_handled: bool,
}

impl Properties for LinkProperties<'_> {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        visitor.value(const { &Key::literal("type") }, Value::Str(&self.link.kind));
        visitor.value(const { &Key::literal("value") }, Value::Str(&self.link.message));
        visitor.value(const { &Key::literal("mechanism") }, Value::Object(&self.mechanism));
    }
}

impl Properties for Mechanism {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        let kind = if self.index == 0 { "generic" } else { "chained" };
        visitor.value(const { &Key::literal("type") }, Value::Str(kind));
        visitor.value(const { &Key::literal("handled") }, Value::Bool(self.is_handled));
        if !self.is_chained {
            return;
        }
        let id = |index: usize| Value::U64(index as u64);
        visitor.value(const { &Key::literal("exception_id") }, id(self.index));
        if let Some(parent) = self.index.checked_sub(1) {
            visitor.value(const { &Key::literal("parent_id") }, id(parent));
        }
    }
}

const PROPERTIES: &[PropertyDescription] = &[
    PropertyDescription::new("exception_list", PropertyType::List(&PropertyType::Any))
        .with_doc("The error and its sources, the outermost first: type, value, mechanism.")
        .with_privacy(Privacy::Personal),
    PropertyDescription::new("exception_level", PropertyType::OneOf(&["fatal", "error", "warning", "info", "debug"]))
        .with_doc("How bad it is."),
    PropertyDescription::new("exception_fingerprint", PropertyType::String).with_doc("What joins errors to one issue."),
];

impl Exception {
    /// What is known about the event.
    pub const EVENT: EventKind = EventKind::new(&Self::DESCRIPTION);

    const DESCRIPTION: EventDescription = EventDescription::new("exception", PROPERTIES)
        .with_doc("An error happened.")
        .with_standard(StandardEvent::Exception);
}

impl Properties for Exception {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        visitor.value(const { &Key::literal("exception_list") }, Value::List(self));
        visitor.value(const { &Key::literal("exception_level") }, Value::Str(self.level.as_str()));
        visitor.value(const { &Key::literal("exception_fingerprint") }, Value::Str(&self.fingerprint));
    }
}

impl Event for Exception {
    fn name(&self) -> &str {
        Self::EVENT.name()
    }

    fn description(&self) -> Option<&'static EventDescription> {
        Some(Self::EVENT.description())
    }
}

impl DescribedEvent for Exception {
    const EVENTS: &'static [EventDescription] = &[Self::DESCRIPTION];
}
