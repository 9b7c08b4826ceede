use analytics_core::Event;

#[derive(Event)]
#[event(name = "$pageview")]
struct PageView;

#[derive(Event)]
#[event(name = "$ai_generation")]
struct Generation;

#[derive(Event)]
#[event(name = "$identify", lane = "ai")]
struct Identify;

#[derive(Event)]
#[event(lane = "ai")]
enum Ai {
    #[event(name = "$ai_span", lane = "product")]
    Span,
}

fn main() {}
