use analytics_core::Event;

struct Version(u8, u8);

fn parts(version: &Version) -> (u8, u8) {
    (version.0, version.1)
}

#[derive(Event)]
#[event(name = "service_started")]
struct ServiceStarted {
    #[event(display)]
    displayed: Version,
    #[event(with = parts)]
    parted: Version,
    #[event(unit = "seconds")]
    seconds: u64,
}

fn main() {}
