//! Assertions on order.

use super::Recorded;
use crate::assertion::fail;
use crate::expected::{Expectation, Expected};
use crate::recording::Snapshot;
use crate::report;
use crate::selection::matching;

impl Recorded {
    /// Asserts that events were recorded in this order. Others may lie between them, before and after.
    ///
    /// ```
    /// # use analytics_core::{Actor, Analytics, CopilotEvent};
    /// # use analytics_testkit::RecordingSink;
    /// # let (sink, recorded) = RecordingSink::pair();
    /// # let analytics = Analytics::new(sink);
    /// # let call = CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "c7f3" };
    /// # analytics.track(Actor::user("u1"), CopilotEvent::MessageSent { session_id: "s1", message_length: 5 });
    /// # analytics.track(Actor::user("u1"), call);
    /// recorded.assert_sequence([CopilotEvent::MESSAGE_SENT, CopilotEvent::TOOL_CALLED]);
    /// ```
    ///
    /// # Panics
    /// If one of them was not recorded after the one before it.
    #[track_caller]
    pub fn assert_sequence<M, X: Expected<M>>(&self, expected: impl IntoIterator<Item = X>) {
        let expected: Vec<Expectation> = expected.into_iter().map(Expected::expectation).collect();
        let snapshot = self.0.snapshot();
        let mut found = Vec::new();
        for step in &expected {
            let after = found.last().map_or(0, |index| index + 1);
            match matching(&snapshot.records, step).map(|(index, _)| index).find(|index| *index >= after) {
                Some(index) => found.push(index),
                None => fail(&broken(&snapshot, &expected, &found)),
            }
        }
    }
}

/// Says at which step the order breaks.
fn broken(snapshot: &Snapshot, expected: &[Expectation], found: &[usize]) -> String {
    let steps = expected.iter().enumerate().map(|(place, step)| {
        let became = match found.get(place) {
            Some(index) => format!("   is #{}", index + 1),
            None if place == found.len() => missing(snapshot, step, found.last().copied()),
            None => String::new(),
        };
        format!("\n    {}. {}{became}", place + 1, report::expectation(step))
    });
    format!("expected in this order{}{}", steps.collect::<String>(), report::all(snapshot))
}

fn missing(snapshot: &Snapshot, step: &Expectation, after: Option<usize>) -> String {
    let earlier = matching(&snapshot.records, step).map(|(index, _)| index).last();
    let missing = match (after, earlier) {
        (Some(after), Some(earlier)) => format!("   is not after #{}, only #{}", after + 1, earlier + 1),
        (Some(after), None) => format!("   is missing after #{}", after + 1),
        (None, _) => "   is missing".to_owned(),
    };
    missing
        + &report::did_you_mean(&step.subject, snapshot)
        + &nearest(snapshot, step, after.map_or(0, |after| after + 1))
}

/// What is wrong with the record that comes nearest to a whole event, of those from `first` on.
fn nearest(snapshot: &Snapshot, step: &Expectation, first: usize) -> String {
    let candidates = snapshot.records.iter().enumerate().skip(first).filter(|(_, record)| step.subject.is_of(record));
    let compared = candidates.map(|(index, record)| (index, step.differences(record)));
    compared.min_by_key(|(_, differences)| differences.len()).map_or_else(String::new, |(index, differences)| {
        format!("; nearest is #{}\n       {}", index + 1, differences.join("\n       "))
    })
}
