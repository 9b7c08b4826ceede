//! The records that come nearest to what was expected.

use std::sync::Arc;

use analytics_core::OwnedRecord;

use super::did_you_mean::did_you_mean;
use super::expected::expectation;
use super::listing::{listing, notes, numbered};
use crate::recording::Origin;
use crate::selection::{Demand, Selection};

/// The number of candidates whose differences are told.
const NEAREST: usize = 5;

/// One record of the expected name, and what is wrong with it.
struct Candidate<'c> {
    index: usize,
    record: &'c OwnedRecord,
    differences: Vec<String>,
}

/// Says that too few records are left already, whatever is said of them later.
pub(crate) fn too_few(selection: &Selection) -> String {
    let is_own = |(_, record): (usize, &Arc<OwnedRecord>)| {
        selection.expected.conditions.iter().any(|condition| condition.is_own() && !condition.holds(record))
    };
    let note = if selection.candidates().any(is_own) {
        "\nnote: an `ignoring` after this call was not reached, so what it would excuse is listed too"
    } else {
        ""
    };
    wrong_number(selection) + note
}

/// Says that too few or too many records are left.
pub(crate) fn wrong_number(selection: &Selection) -> String {
    let demand = match selection.demand {
        Demand::One => "expected exactly one".to_owned(),
        Demand::None => "expected none".to_owned(),
        Demand::Exactly(number) => format!("expected exactly {number}"),
    };
    let (left, wrong) = candidates(selection);
    let but = match (left.len(), wrong.len()) {
        (0, 0) => nothing(selection),
        (0, 1) => format!("but the one {} that was recorded differs:", selection.expected.subject),
        (0, wrong) => {
            format!("but all {wrong} {} that were recorded differ (nearest first):", selection.expected.subject)
        }
        (1, _) => "but 1 was recorded:".to_owned(),
        (left, _) => format!("but {left} were recorded:"),
    };
    let right = listing(&but, left.iter().map(|candidate| (candidate.index, candidate.record)));
    let told = if right.is_empty() { format!("\n{but}") } else { right };
    // Too many: what is different does not matter. Too few: the mistake is there.
    let differences =
        if left.len() < selection.demand.number() { nearest(wrong, !left.is_empty()) } else { String::new() };
    format!(
        "{demand}\n    {}{told}{differences}{}{}",
        expectation(&selection.expected),
        others(selection),
        notes(&selection.snapshot)
    )
}

fn candidates(selection: &Selection) -> (Vec<Candidate<'_>>, Vec<Candidate<'_>>) {
    selection
        .candidates()
        .map(|(index, record)| Candidate { index, record, differences: selection.expected.differences(record) })
        .partition(|candidate| candidate.differences.is_empty())
}

/// The candidates with the fewest differences, each with what is wrong with it.
fn nearest(mut wrong: Vec<Candidate<'_>>, after_others: bool) -> String {
    wrong.sort_by_key(|candidate| candidate.differences.len());
    let mut lines = Vec::new();
    match wrong.len() {
        1 if after_others => lines.push("and of that name, but with differences:".to_owned()),
        2.. if after_others => lines.push("and of that name, but with differences (nearest first):".to_owned()),
        _ => {}
    }
    for Candidate { index, record, differences } in wrong.iter().take(NEAREST) {
        lines.push(numbered(*index, record));
        lines.extend(differences.iter().map(|difference| format!("       {difference}")));
    }
    if wrong.len() > NEAREST {
        lines.push(format!("    … and {} more that differ as much or more", wrong.len() - NEAREST));
    }
    lines.into_iter().flat_map(|line| ["\n".to_owned(), line]).collect()
}

fn nothing(selection: &Selection) -> String {
    let subject = &selection.expected.subject;
    if selection.snapshot.records.is_empty() && selection.snapshot.origin == Origin::Wire {
        return "but nothing arrived at all".to_owned();
    }
    if selection.snapshot.records.is_empty() {
        return "but nothing was recorded at all\n(an event that the handle refuses, for its actor, its name or a group that \
                is required, reaches no sink: see the ledger of `Analytics`)"
            .to_owned();
    }
    format!("but no {subject} was recorded{}", did_you_mean(subject, &selection.snapshot))
}

fn others(selection: &Selection) -> String {
    let records = selection.snapshot.records.iter().enumerate();
    let others = records
        .filter(|(_, record)| !selection.expected.subject.is_of(record))
        .map(|(index, record)| (index, &**record));
    listing("also recorded:", others)
}
