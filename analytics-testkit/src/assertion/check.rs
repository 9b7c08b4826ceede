//! The assertion behind all builders: a subject, conditions, and how many records they must leave.

use std::panic::Location;
use std::sync::Arc;

use analytics_core::OwnedRecord;

use super::keys;
use crate::expected::{Condition, Expectation, RecordField};
use crate::recording::{Origin, Snapshot};
use crate::report;
use crate::selection::{Demand, Selection};

/// An assertion that is still being narrowed down, on what was recorded when it was begun.
///
/// Narrowing only ever takes records away. So as soon as too few are left it fails, at the line of the call that took
/// the last one. Two things are known only when nothing follows: that too many are left, and whether the properties
/// of a whole event are the same, since `ignoring` may excuse some. They are checked when it is dropped; a panic
/// there cannot borrow the caller's line, so the message begins with it.
#[derive(Debug)]
pub(crate) struct Check {
    selection: Selection,
    begun_at: &'static Location<'static>,
    decided: bool,
}

impl Check {
    #[track_caller]
    pub(crate) fn begin(snapshot: Snapshot, expected: Expectation, demand: Demand) -> Self {
        let selection = Selection { snapshot, expected, demand };
        let mut check = Self { selection, begun_at: Location::caller(), decided: false };
        check.fail_if_too_few();
        check
    }

    /// Adds a condition, or replaces the one about the same place.
    #[track_caller]
    pub(crate) fn require(&mut self, condition: Condition) {
        let condition = match self.selection.snapshot.origin {
            Origin::Sink => condition,
            Origin::Wire => condition.of_any_kind(),
        };
        if let Condition::Value { place: RecordField::Property, key, wanted, .. } = &condition {
            self.know(key, wanted.is_some());
        }
        match self.selection.expected.conditions.iter_mut().find(|earlier| earlier.is_about_the_same_as(&condition)) {
            Some(earlier) => *earlier = condition,
            None => self.selection.expected.conditions.push(condition),
        }
        self.fail_if_too_few();
    }

    /// Takes back what a whole event says about `key`.
    #[track_caller]
    pub(crate) fn ignore(&mut self, key: &str) {
        self.know(key, true);
        self.selection.expected.conditions.retain(|condition| !condition.is_own_of(key));
        self.selection.expected.ignored.push(key.to_owned());
    }

    /// Ends the narrowing, and gives the records that are left.
    #[track_caller]
    pub(crate) fn decide(mut self) -> Vec<Arc<OwnedRecord>> {
        match self.verdict() {
            Ok(()) => {
                self.decided = true;
                self.selection.left(|_| true).cloned().collect()
            }
            Err(message) => self.fail(&message),
        }
    }

    #[track_caller]
    fn fail_if_too_few(&mut self) {
        let certain = |condition: &Condition| !condition.is_own();
        if self.selection.left(certain).count() < self.selection.demand.number() {
            let message = report::too_few(&self.selection);
            self.fail(&message);
        }
    }

    /// Fails if neither the event's type nor any candidate knows `key`: then the test has a slip of the pen.
    #[track_caller]
    fn know(&mut self, key: &str, is_expected: bool) {
        if let Err(message) = keys::know(&self.selection, key, is_expected) {
            self.fail(&message);
        }
    }

    fn verdict(&self) -> Result<(), String> {
        if self.selection.left(|_| true).count() == self.selection.demand.number() {
            Ok(())
        } else {
            Err(report::wrong_number(&self.selection))
        }
    }

    #[track_caller]
    fn fail(&mut self, message: &str) -> ! {
        self.decided = true;
        fail(message)
    }
}

impl Drop for Check {
    fn drop(&mut self) {
        // A second panic would abort the process and hide the first.
        if self.decided || std::thread::panicking() {
            return;
        }
        if let Err(message) = self.verdict() {
            fail(&format!("{}: {message}", self.begun_at));
        }
    }
}

/// The one record of an assertion that holds.
#[track_caller]
pub(crate) fn only(records: &[Arc<OwnedRecord>]) -> OwnedRecord {
    match records {
        [record] => (**record).clone(),
        others => fail(&format!("there is no one record to give: the assertion holds, and is about {}", others.len())),
    }
}

/// Fails the test, at the caller's line.
#[track_caller]
#[expect(clippy::panic, reason = "an assertion's way to fail")]
pub(crate) fn fail(message: &str) -> ! {
    panic!("{message}")
}
