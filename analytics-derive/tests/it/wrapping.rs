//! Events that wrap another event.

use analytics_core::{DescribedEvent, Event, EventDescription};

use crate::shown;

#[derive(Event)]
enum ChatEvent<'a> {
    #[event(name = "chat_opened")]
    Opened { session_id: &'a str },
    #[event(name = "chat_closed")]
    Closed,
}

#[derive(Event)]
#[event(name = "order_placed")]
struct OrderPlaced {
    items: u32,
}

#[derive(Event)]
enum AppEvent<'a> {
    #[event(name = "app_started")]
    Started,
    #[event(name = "app_stopped")]
    Stopped {
        after: u32,
    },
    Chat(ChatEvent<'a>),
    Order(&'a OrderPlaced),
    #[event(name = "app_crashed")]
    Crashed,
}

#[derive(Event)]
enum Only<'a> {
    Chat(ChatEvent<'a>),
}

#[derive(Event)]
struct Audited<'a>(ChatEvent<'a>);

#[derive(Event)]
struct Sampled<E>(E);

#[derive(Event)]
enum Either<A> {
    One(A),
}

fn names(events: &[EventDescription]) -> Vec<&'static str> {
    events.iter().map(EventDescription::name).collect()
}

#[test]
fn a_variant_shows_the_event_inside() {
    let event = AppEvent::Chat(ChatEvent::Opened { session_id: "s1" });
    assert_eq!(event.name(), "chat_opened");
    assert_eq!(shown(&event), "session_id=s1");
    assert_eq!(event.description(), Some(ChatEvent::OPENED.description()));
    assert_eq!(AppEvent::Chat(ChatEvent::Closed).name(), "chat_closed");

    let order = OrderPlaced { items: 2 };
    assert_eq!(shown(&AppEvent::Order(&order)), "items=2");
    assert_eq!(shown(&AppEvent::Stopped { after: 3 }), "after=3");
    assert_eq!(AppEvent::Started.name(), "app_started");
    assert_eq!(AppEvent::Crashed.name(), "app_crashed");
}

#[test]
fn the_list_of_events_includes_those_inside() {
    let all = ["app_started", "app_stopped", "chat_opened", "chat_closed", "order_placed", "app_crashed"];
    assert_eq!(names(AppEvent::EVENTS), all);
    assert_eq!(names(Only::EVENTS), ["chat_opened", "chat_closed"]);
    assert_eq!(Only::Chat(ChatEvent::Closed).name(), "chat_closed");
}

#[test]
fn a_struct_around_an_event_is_that_event() {
    let event = Audited(ChatEvent::Opened { session_id: "s1" });
    assert_eq!((event.name(), shown(&event).as_str()), ("chat_opened", "session_id=s1"));
    assert_eq!(names(Audited::EVENTS), ["chat_opened", "chat_closed"]);
}

#[test]
fn a_wrapper_may_be_generic_over_the_event() {
    assert_eq!(shown(&Sampled(OrderPlaced { items: 2 })), "items=2");
    assert_eq!(names(Sampled::<OrderPlaced>::EVENTS), ["order_placed"]);
    assert_eq!(Either::One(ChatEvent::Closed).name(), "chat_closed");
    assert_eq!(names(Either::<ChatEvent<'_>>::EVENTS), ["chat_opened", "chat_closed"]);
}

#[test]
fn a_wrapped_event_keeps_the_lane_that_it_has_at_run_time() {
    use analytics_core::{DynamicEvent, Lane};

    #[derive(Event)]
    enum Bridged {
        #[event(name = "bridge_opened")]
        Opened,
        #[event(name = "model_loaded", lane = "ai")]
        Loaded,
        Other(DynamicEvent),
    }

    let lanes = [
        Bridged::Opened.lane(),
        Bridged::Loaded.lane(),
        Bridged::Other(DynamicEvent::new("a")).lane(),
        Bridged::Other(DynamicEvent::new("a").in_lane(Lane::Ai)).lane(),
    ];
    assert_eq!(lanes, [Lane::Product, Lane::Ai, Lane::Product, Lane::Ai]);
    assert_eq!(Sampled(DynamicEvent::new("a").in_lane(Lane::Ai)).lane(), Lane::Ai);
}
