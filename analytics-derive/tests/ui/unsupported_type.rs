use analytics_core::Event;

use std::time::Duration;

struct Version(u8, u8);

#[derive(Event)]
#[event(name = "service_started")]
struct ServiceStarted {
    version: Version,
    after: Duration,
}

#[derive(Event)]
enum ServiceEvent<'a> {
    #[event(name = "service_stopped")]
    Stopped { version: Option<&'a Version> },
}

fn main() {}
