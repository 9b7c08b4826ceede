use analytics_core::Event;

#[derive(Event)]
enum Steps {
    #[event(name = "step_a_done")]
    A,
    #[event(name = "http_failed")]
    HttpFailed,
    #[event(name = "http_failed_too")]
    HTTPFailed,
}

fn main() {}
