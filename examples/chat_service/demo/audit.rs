//! Whether every event arrived, and if not, what differs.

use std::collections::{BTreeMap, BTreeSet};

use product_analytics::{CopilotEvent, DescribedEvent as _, EventDescription};

use super::outcome::Outcome;

/// The events of one name, counted where they passed. All four are the same if nothing was lost.
#[derive(Debug, PartialEq, Eq)]
pub(super) struct Row<'o> {
    pub(super) name: &'o str,
    /// In the transcript.
    pub(super) expected: u64,
    /// By the clients: requests answered with a 2xx.
    pub(super) captured: u64,
    /// By the server: events in requests that it answered with a 2xx.
    pub(super) delivered: u64,
    /// By the server: events that differ by uuid.
    pub(super) received: u64,
}

impl Row<'_> {
    pub(super) fn counts(&self) -> [u64; 4] {
        [self.expected, self.captured, self.delivered, self.received]
    }

    fn is_level(&self) -> bool {
        self.expected > 0 && self.counts() == [self.expected; 4]
    }
}

/// One row for each event of the copilot, then one for any other name that was seen anywhere.
pub(super) fn rows(outcome: &Outcome) -> Vec<Row<'_>> {
    let expected = outcome.transcript.events();
    let (done, inspected) = (&outcome.answers.done, &outcome.inspected);
    let known: Vec<_> = CopilotEvent::EVENTS.iter().map(EventDescription::name).collect();
    let seen = inspected.totals.names.keys().chain(done.keys()).map(String::as_str).chain(expected.keys().copied());
    let others: BTreeSet<_> = seen.filter(|name| !known.contains(name)).collect();
    let count = |counts: &BTreeMap<String, u64>, name: &str| counts.get(name).copied().unwrap_or_default();
    known
        .into_iter()
        .chain(others)
        .map(|name| Row {
            name,
            expected: expected.get(name).copied().unwrap_or_default(),
            captured: count(done, name),
            delivered: count(&inspected.totals.names, name),
            received: count(&inspected.unique, name),
        })
        .collect()
}

/// What differs from a conversation whose every event arrived once.
pub(super) fn differences(outcome: &Outcome) -> Vec<String> {
    let mut differences = outcome.answers.surprises.clone();
    let rows = rows(outcome);
    differences.extend(rows.iter().filter(|row| !row.is_level()).map(|row| {
        let Row { name, expected, captured, delivered, received } = row;
        format!("{name}: {expected} expected, {captured} captured, {delivered} delivered, {received} received")
    }));
    let expected: u64 = rows.iter().map(|row| row.expected).sum();
    let received = outcome.inspected.totals.unique_events;
    let ledger = &outcome.ledger;
    if [ledger.captured(), ledger.delivered(), received] != [expected; 3] {
        differences.push(format!("{expected} expected, {received} received; the ledger has {ledger}"));
    }
    differences
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use analytics_inspector::Totals;
    use product_analytics::Ledger;

    use super::*;
    use crate::demo::inspected::Inspected;
    use crate::demo::player::Answers;
    use crate::demo::transcript::Transcript;

    /// A conversation of one event of each name, all of which arrived.
    fn outcome() -> Outcome {
        let names: Vec<_> = CopilotEvent::EVENTS.iter().map(EventDescription::name).collect();
        let line = |name: &&str| format!(r#"{{"session":"s","post":"/","body":{{}},"event":"{name}"}}"#);
        let transcript = names.iter().map(line).collect::<Vec<_>>().join("\n");
        let counts: BTreeMap<_, _> = names.iter().map(|name| ((*name).to_owned(), 1)).collect();
        let mut inspected = Inspected { totals: Totals::default(), unique: counts.clone(), samples: Vec::new() };
        inspected.totals.names.clone_from(&counts);
        inspected.totals.unique_events = 5;
        let mut ledger = Ledger::new();
        ledger.add_delivered(5);
        Outcome {
            transcript: Transcript::parse(&transcript).unwrap(),
            answers: Answers { done: counts, ..Answers::default() },
            took: Duration::ZERO,
            ledger,
            inspected,
        }
    }

    #[test]
    fn a_conversation_whose_every_event_arrived_is_complete() {
        assert_eq!(differences(&outcome()), [""; 0]);
    }

    #[test]
    fn an_event_that_did_not_arrive_is_named() {
        let mut outcome = outcome();
        outcome.inspected.unique.remove("copilot_tool_called");
        outcome.inspected.totals.unique_events = 4;
        assert_eq!(
            differences(&outcome),
            [
                "copilot_tool_called: 1 expected, 1 captured, 1 delivered, 0 received",
                "5 expected, 4 received; the ledger has 5 captured · 5 delivered · 0 lost",
            ]
        );
    }

    #[test]
    fn an_event_that_nobody_expected_is_named() {
        let mut outcome = outcome();
        outcome.inspected.totals.names.insert("page_viewed".to_owned(), 1);
        assert_eq!(differences(&outcome), ["page_viewed: 0 expected, 0 captured, 1 delivered, 0 received"]);
    }

    #[test]
    fn what_the_ledger_does_not_have_as_delivered_is_told() {
        let mut outcome = outcome();
        outcome.ledger = Ledger::new().with_pending(5);
        let told = "5 expected, 5 received; the ledger has 5 captured · 0 delivered · 0 lost · 5 pending";
        assert_eq!(differences(&outcome), [told]);
        assert!(
            !outcome.is_complete()
                && outcome.to_string().ends_with(&format!("Not every event arrived once:\n  {told}"))
        );
    }
}
