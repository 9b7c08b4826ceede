//! Errors as events.

use std::error::Error;
use std::fmt;

use analytics_core::{Actor, Exception, ExceptionLevel, OwnedRecord};

use crate::support::service;

/// An error with as many sources as it says.
#[derive(Debug)]
struct Nested {
    level: usize,
    source: Option<Box<Nested>>,
}

impl Nested {
    fn of(levels: usize) -> Self {
        let source = levels.checked_sub(1).map(|levels| Box::new(Self::of(levels)));
        Self { level: levels, source }
    }
}

impl fmt::Display for Nested {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "level {}", self.level)
    }
}

impl Error for Nested {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        self.source.as_deref().map(|source| source as _)
    }
}

/// An error whose source is itself, and whose display has no end.
#[derive(Debug)]
struct Endless;

impl fmt::Display for Endless {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        loop {
            f.write_str("ä")?;
        }
    }
}

impl Error for Endless {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        Some(self)
    }
}

#[derive(Debug)]
struct Bomb<T>(T);

impl<T> fmt::Display for Bomb<T> {
    fn fmt(&self, _f: &mut fmt::Formatter<'_>) -> fmt::Result {
        panic!("a display that panics")
    }
}

impl<T: fmt::Debug> Error for Bomb<T> {
    fn source(&self) -> Option<&(dyn Error + 'static)> {
        panic!("a source that panics")
    }
}

fn tracked(exception: &Exception) -> OwnedRecord {
    let (analytics, sink) = service();
    analytics.track(Actor::user("u1"), exception);
    sink.last()
}

fn json(record: &OwnedRecord, key: &str) -> serde_json::Value {
    let property = record.properties().iter().find(|property| property.key() == key).unwrap();
    serde_json::from_str(&analytics_core::json::to_string(property.value().as_value()).unwrap()).unwrap()
}

#[test]
fn an_error_is_told_with_what_caused_it() {
    let error = Nested::of(2);
    let (exception, line) = (Exception::of(&error), line!());
    let record = tracked(&exception.with_source_types(["io::Error"]));
    assert_eq!((record.name(), record.actor()), (Some("exception"), Actor::user("u1")));
    let mechanism = |id: usize, kind: &str| match id.checked_sub(1) {
        None => serde_json::json!({"type": kind, "handled": true, "exception_id": id}),
        Some(parent) => serde_json::json!({"type": kind, "handled": true, "exception_id": id, "parent_id": parent}),
    };
    assert_eq!(
        json(&record, "exception_list"),
        serde_json::json!([
            {"type": "Nested", "value": "level 2", "mechanism": mechanism(0, "generic")},
            {"type": "io::Error", "value": "level 1", "mechanism": mechanism(1, "chained")},
            {"type": "Error", "value": "level 0", "mechanism": mechanism(2, "chained")},
        ])
    );
    assert_eq!(json(&record, "exception_level"), "error");
    assert_eq!(json(&record, "exception_fingerprint"), format!("Nested {}:{line}", file!()));
}

#[test]
fn one_error_alone_has_no_ids_and_can_be_said_to_be_unhandled() {
    let exception =
        Exception::of(&Nested::of(0)).unhandled().with_level(ExceptionLevel::Fatal).with_fingerprint("mine");
    let record = tracked(&exception.with_fingerprint(" "));
    assert_eq!(
        json(&record, "exception_list")[0]["mechanism"],
        serde_json::json!({"type": "generic", "handled": false})
    );
    assert_eq!(
        (json(&record, "exception_level"), json(&record, "exception_fingerprint")),
        ("fatal".into(), "mine".into())
    );
    let panic = tracked(&Exception::of_panic(&"went off"));
    assert_eq!(json(&panic, "exception_list")[0]["type"], "Panic");
    assert_eq!(json(&panic, "exception_list")[0]["value"], "went off");
    assert_eq!(Exception::of_panic(&7).message(), "a panic without a text");
    let boxed: Box<dyn std::any::Any + Send> = Box::new("index 7 of 3".to_owned());
    let fingerprints =
        [Exception::of_panic(&*boxed), Exception::of_panic(&boxed), Exception::of_panic(&"index 8 of 3")]
            .map(|panic| json(&tracked(&panic), "exception_fingerprint"));
    assert!(fingerprints.iter().all(|fingerprint| fingerprint == "Panic index  of "), "{fingerprints:?}");
    assert_eq!(Exception::named("Upstream", &503).kind(), "Upstream");
}

#[test]
fn the_name_of_a_type_is_short_and_a_boxed_error_has_none() {
    assert_eq!(Exception::of(&Bomb(vec![Nested::of(0)])).kind(), "Bomb");
    let boxed: Box<dyn Error> = Box::new(Nested::of(0));
    assert_eq!(Exception::of(&*boxed).kind(), "Error");
    assert_eq!(Exception::of(&std::sync::Arc::new(Nested::of(0))).kind(), "Nested");
    assert_eq!(Exception::of(&std::io::Error::other("x")).kind(), "std::io::Error");
    assert_eq!(Exception::of("x".parse::<u8>().as_ref().unwrap_err()).kind(), "ParseIntError");
}

#[test]
fn an_error_without_end_is_cut_and_one_that_panics_is_told() {
    let record = tracked(&Exception::of(&Endless));
    let errors = json(&record, "exception_list");
    assert_eq!(errors.as_array().unwrap().len(), 16);
    let message = errors[15]["value"].as_str().unwrap();
    assert_eq!((message.len(), message.chars().last()), (2_000 + "…".len(), Some('…')));
    assert_eq!(Exception::of(&Nested::of(1_000)).message(), "level 1000");
    assert_eq!(Exception::of(&Bomb(1)).message(), "<its display panicked>");
}
