use analytics_core::Event;

struct NotAnEvent;

#[derive(Event)]
enum AppEvent {
    #[event(name = "app_started")]
    Started,
    Other(NotAnEvent),
}

#[derive(Event)]
enum Generic<E> {
    #[event(name = "generic_started")]
    Started,
    Other(E),
}

fn main() {}
