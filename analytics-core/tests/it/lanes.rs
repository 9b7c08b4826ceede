//! The lane of an event, and what of a ledger is each lane's.

use analytics_core::{
    Actor, AiGeneration, AiTraceId, Analytics, DropReason, DynamicEvent, Event, EventDescription, Fanout, Filter, Lane,
    Ledger, Map, Properties, PropertyVisitor, Sample, StandardEvent,
};

use crate::support::Keeping;

fn shop() -> Actor<'static> {
    Actor::service("shop")
}

fn ai(name: &str) -> DynamicEvent {
    DynamicEvent::new(name).in_lane(Lane::Ai)
}

/// What became of the lane's events: captured, delivered, dropped, pending.
fn of(ledger: &Ledger, lane: Lane) -> [u64; 4] {
    let ledger = ledger.lane(lane);
    let counts = [ledger.captured(), ledger.delivered(), ledger.dropped_total(), ledger.pending()];
    assert_eq!(counts[0], counts[1] + counts[2] + counts[3]);
    counts
}

#[test]
fn a_record_and_its_copy_have_the_events_lane() {
    let sink = Keeping::default();
    let analytics = Analytics::new(sink.clone());
    analytics.track(shop(), DynamicEvent::new("$ai_like"));
    let embedded = ai("embedded");
    analytics.track(shop(), &embedded);
    analytics.track(shop(), AiGeneration::new("m1", "p1"));
    analytics.identify("u1").track();
    let lanes: Vec<_> = sink.records().iter().map(|record| (record.lane(), record.as_record().lane())).collect();
    assert_eq!(lanes, [Lane::Product, Lane::Ai, Lane::Ai, Lane::Product].map(|lane| (lane, lane)));
    let standard: Vec<_> = sink.records().iter().map(|record| record.as_record().standard_event()).collect();
    assert_eq!(standard, [None, None, Some(StandardEvent::AiGeneration), None]);
}

/// An event that panics when it is asked for its lane.
struct Unsure;

impl Properties for Unsure {
    fn visit_properties(&self, _visitor: &mut dyn PropertyVisitor) {}
}

impl Event for Unsure {
    fn name(&self) -> &'static str {
        "unsure"
    }

    fn description(&self) -> Option<&'static EventDescription> {
        None
    }

    fn lane(&self) -> Lane {
        panic!("as told")
    }
}

#[test]
fn an_event_that_panics_when_it_is_asked_takes_the_ordinary_lane() {
    let sink = Keeping::default();
    let analytics = Analytics::new(sink.clone());
    analytics.track(shop(), Unsure);
    assert_eq!(sink.last().lane(), Lane::Product);
    assert_eq!(of(&analytics.ledger(), Lane::Product), [1, 1, 0, 0]);
}

#[test]
fn every_wrapper_counts_what_it_drops_in_the_events_lane() {
    let held_back = || Keeping::default();
    let filter = Filter::new(held_back()).keep_events(|record| record.name() == Some("kept"));
    let map = Map::new(held_back(), |record| (record.name() == Some("kept")).then_some(record));
    let sample = Sample::new(held_back(), 0.0).unwrap();
    let full = Keeping { refuses: true, ..Keeping::default() };
    let fanout = Fanout::new().with("filter", filter).with("map", map).with("sample", sample).with("full", full);
    let analytics = Analytics::new(fanout);
    analytics.track(shop(), ai("dropped"));
    analytics.track(shop(), ai("kept"));
    analytics.track(shop(), DynamicEvent::new("dropped"));
    // Refused by the handle itself.
    analytics.track(shop(), ai(""));
    let ledger = analytics.ledger();
    assert_eq!(of(&ledger, Lane::Ai), [9, 2, 7, 0], "{ledger}");
    assert_eq!(of(&ledger, Lane::Product), [4, 0, 4, 0], "{ledger}");
    assert_eq!((ledger.captured(), ledger.delivered(), ledger.dropped_total()), (13, 2, 11));
    let reasons = [DropReason::Filtered, DropReason::Sampled, DropReason::QueueFull, DropReason::InvalidName];
    assert_eq!(reasons.map(|reason| ledger.lane(Lane::Ai).dropped(reason)), [2, 2, 2, 1]);
}

#[test]
fn a_sink_without_branches_counts_in_the_events_lane() {
    let analytics = Analytics::new(Fanout::new());
    analytics.track(shop(), ai("nowhere"));
    assert_eq!(analytics.ledger().lane(Lane::Ai).dropped(DropReason::Disabled), 1);
}

#[test]
fn a_ledgers_line_tells_of_the_lane_only_if_there_were_events_in_it() {
    let mut ledger = Ledger::new();
    ledger.add_delivered(2);
    assert_eq!(ledger.to_string(), "2 captured · 2 delivered · 0 lost");
    ledger.add_dropped_in(Lane::Ai, DropReason::TooLarge, 1_000);
    let ledger = ledger.with_pending_in(Lane::Ai, 3);
    assert_eq!(
        ledger.to_string(),
        "1,005 captured · 2 delivered · 1,000 lost (1,000 too_large) · 3 pending · of these in the lane ai: 1,003 \
         captured, 0 delivered, 1,000 lost, 3 pending"
    );
    let mut sum = ledger;
    sum += ledger;
    assert_eq!(of(&sum, Lane::Ai), [2_006, 0, 2_000, 6]);
}

#[test]
fn a_model_call_is_an_event_of_this_form() {
    let sink = Keeping::default();
    let analytics = Analytics::new(sink.clone());
    let (input, output) = (serde_json::json!([{"content": "hi"}]), serde_json::json!([{"role": "assistant"}]));
    let generation = AiGeneration::new("gpt-5-mini", "openai")
        .in_trace(AiTraceId::new("conv-1").unwrap())
        .with_span_id("s1")
        .with_parent_id("s0")
        .with_input_tokens(812)
        .with_output_tokens(96)
        .with_latency(std::time::Duration::from_millis(1_340))
        .with_input_cost_usd(0.25)
        .with_output_cost_usd(0.5)
        .with_total_cost_usd(0.75)
        .with_input(&input)
        .with_output(&output)
        .with_http_status(529)
        .with_error("overloaded");
    analytics.track(shop(), generation);
    assert_eq!(
        sink.lines(),
        [
            r#"shop ai_generation ai_model=gpt-5-mini ai_provider=openai ai_trace_id=conv-1 ai_span_id=s1 ai_parent_id=s0 ai_input_tokens=812 ai_output_tokens=96 ai_latency=1.34 ai_input_cost_usd=0.25 ai_output_cost_usd=0.5 ai_total_cost_usd=0.75 ai_input=[{"content":"hi"}] ai_output=[{"role":"assistant"}] ai_http_status=529 ai_is_error=true ai_error=overloaded"#
        ]
    );
}
