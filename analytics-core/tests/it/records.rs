//! One fact on its way to a sink.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use analytics_core::{
    Actor, Analytics, AnalyticsSink, Captured, DropReason, EventId, Health, Key, Lane, Ledger, OwnedRecord,
    PersonUpdate, Property, PropertyFilter, PropertyVisitor, Record, Value, async_trait,
};

use crate::support::{CSV, Ticking};

/// A sink that shows every record to a function, and counts them.
struct Showing<F>(F, Arc<AtomicUsize>);

impl<F> std::fmt::Debug for Showing<F> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Showing")
    }
}

#[async_trait]
impl<F: Fn(&Record<'_>) + Send + Sync + 'static> AnalyticsSink for Showing<F> {
    fn capture(&self, record: &Record<'_>) -> Captured {
        (self.0)(record);
        self.1.fetch_add(1, Ordering::SeqCst);
        Captured::Kept
    }

    async fn room(&self, _lane: Lane) {}

    async fn flush(&self, _grace: Duration) -> Ledger {
        Ledger::new()
    }

    async fn shutdown(&self, _grace: Duration) -> Ledger {
        Ledger::new()
    }

    fn ledger(&self) -> Ledger {
        Ledger::new()
    }

    fn purge(&self, _reason: DropReason) -> u64 {
        0
    }

    fn health(&self) -> Health {
        Health::Ok
    }
}

/// Shows what `track` tracks to `look`, which has to hold for it: one record, that reached the sink.
fn show_what(track: impl FnOnce(&Analytics), look: impl Fn(&Record<'_>) + Send + Sync + 'static) {
    let shown = Arc::new(AtomicUsize::new(0));
    let analytics = Analytics::with_clock(Showing(look, Arc::clone(&shown)), Ticking::default());
    track(&analytics);
    assert_eq!(shown.load(Ordering::SeqCst), 1, "the record was refused, or what was looked for does not hold");
}

fn show(look: impl Fn(&Record<'_>) + Send + Sync + 'static) {
    let track = |analytics: &Analytics| {
        let analytics = analytics.with("email", "a@b.c").in_group("g", "g1");
        let event = analytics.event(Actor::user("u1"), CSV);
        event.set_person("email", "a@b.c").set_person_once("x", 1).unset_person("y").track();
    };
    show_what(track, look);
}

/// Shows digits for `rows`, hides `email`, passes the rest on.
struct Masking;

impl PropertyFilter for Masking {
    fn filter(&self, property: &Property<'_>, visitor: &mut dyn PropertyVisitor) {
        match property.key().name() {
            "email" => {}
            "rows" => visitor.value(&Key::new("rows"), Value::Str("#")),
            _ => visitor.visit(property),
        }
    }
}

#[test]
fn id_and_time_are_made_once_for_all_sinks() {
    show(|record| {
        let filtered = record.filtered(&Masking);
        let again = filtered.filtered(&Masking);
        let (id, at) = (again.id(), again.at());
        assert_eq!((record.id(), record.at(), filtered.id()), (id, at, id));
        assert_eq!(record.to_owned().id(), id);
        assert!(id.to_string().starts_with("00000000-03e8-7"), "a second after 1970: {id}");
    });
}

#[test]
fn a_filter_is_between_a_sink_and_every_value() {
    show(|record| {
        let filtered = record.filtered(&Masking);
        let line = "u1 report_exported format=csv rows=# set_once x=1 unset y in g=g1";
        assert_eq!(filtered.to_string(), line);
        assert_eq!(format!("{filtered:?}"), line);
        assert_eq!(filtered.to_owned().to_string(), line);
        assert_eq!(filtered.waiting_for_room().to_string(), line);
        assert_eq!(filtered.without_waiting().to_string(), line);
        assert_eq!(filtered.description().unwrap().name(), "report_exported");
        let whole = "u1 report_exported format=csv rows=3 email=a@b.c set email=a@b.c set_once x=1 unset y in g=g1";
        assert_eq!(record.to_string(), whole);
    });
}

#[test]
fn a_copy_shows_what_the_record_showed() {
    static SEEN: Mutex<Option<OwnedRecord>> = Mutex::new(None);
    show(|record| *SEEN.lock().unwrap() = Some(record.to_owned()));
    let copy = SEEN.lock().unwrap().take().unwrap();
    let shown_again = copy.as_record().to_owned();
    assert_eq!(shown_again, copy);
    assert_eq!(copy.as_record().to_string(), copy.to_string());
    assert_eq!(format!("{copy:?}"), copy.to_string());
    assert_eq!(copy.as_record().description(), Some(crate::support::ReportExported::EVENT.description()));
    assert_eq!(copy.name(), Some("report_exported"));
    assert_eq!(copy.person(PersonUpdate::SetOnce)[0].key(), "x");
    assert_eq!((copy.groups()[0].key(), copy.groups()[0].value().to_string()), ("g", "g1".to_owned()));
}

#[test]
fn waiting_for_room_is_the_callers_choice() {
    show(|record| {
        assert!(!record.waits_for_room());
        let waiting = record.waiting_for_room();
        assert!(waiting.waits_for_room() && waiting.filtered(&Masking).waits_for_room());
        assert!(!waiting.without_waiting().waits_for_room());
    });
}

#[test]
fn a_line_cannot_be_broken_by_what_it_shows() {
    let track = |analytics: &Analytics| {
        let event = crate::support::ReportExported { format: "two\nlines = \"é\"", rows: None };
        analytics.event(Actor::user("u"), event).property("key\n", 1).track();
    };
    show_what(track, |record| {
        let line = record.to_string();
        assert!(!line.contains(char::is_control), "{line:?}");
        assert_eq!(line, r#"u report_exported format="two\nlines = \"é\"" key\n=1"#);
    });
}

#[test]
fn an_id_has_bytes_and_a_text() {
    let id = EventId::from_bytes([7; 16]);
    assert_eq!(id.to_string(), "07070707-0707-0707-0707-070707070707");
    assert_eq!((id.as_bytes(), format!("{id:?}")), (&[7; 16], id.to_string()));
}

#[test]
fn a_record_has_its_events_name_and_another_has_none() {
    show(|record| assert_eq!(record.name(), Some("report_exported")));
    show(|record| assert_eq!(record.filtered(&Masking).to_owned().as_record().name(), Some("report_exported")));
    show_what(|analytics| _ = analytics.identify("u1").track(), |record| assert_eq!(record.name(), None));
}

#[test]
fn an_id_that_is_made_before_its_event_is_the_events() {
    let id = EventId::new();
    assert_ne!(id, EventId::new());
    let track = move |analytics: &Analytics| _ = analytics.event(Actor::user("u1"), CSV).id(id).track();
    show_what(track, move |record| assert_eq!(record.id(), id));
}
