//! The assertions.

use analytics_core::{Actor, IntoDistinctId};

use super::Recorded;
use crate::assertion::{AliasAssertion, Check, EventAssertion, GroupAssertion, IdentifyAssertion};
use crate::expected::{Condition, Expectation, Expected, RecordField, Subject};
use crate::selection::Demand;
use crate::wire::Wire;

impl Recorded {
    /// Asserts that exactly one event is meant by `expected` and all that narrows it down.
    ///
    /// ```
    /// # use analytics_core::{Actor, Analytics, CopilotEvent};
    /// # use analytics_testkit::RecordingSink;
    /// # let (sink, recorded) = RecordingSink::pair();
    /// # let call = CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "c7f3" };
    /// # Analytics::new(sink).track(Actor::user("u1"), call);
    /// recorded.assert_one(CopilotEvent::TOOL_CALLED).by(Actor::user("u1")).with("tool_name", "search");
    /// recorded
    ///     .assert_one(CopilotEvent::ToolCalled { session_id: "s1", tool_name: "search", tool_call_id: "" })
    ///     .ignoring("tool_call_id");
    /// ```
    ///
    /// # Panics
    /// If there is not exactly one. For when and where, see [`EventAssertion`].
    #[track_caller]
    pub fn assert_one<M>(&self, expected: impl Expected<M>) -> EventAssertion {
        self.events(expected.expectation(), Demand::One)
    }

    /// Asserts that no event is meant by `expected` and all that narrows it down.
    ///
    /// # Panics
    /// If there is one.
    #[track_caller]
    pub fn assert_none<M>(&self, expected: impl Expected<M>) -> EventAssertion {
        self.events(expected.expectation(), Demand::None)
    }

    /// Asserts that exactly `count` events are meant by `expected` and all that narrows it down.
    ///
    /// # Panics
    /// If there are more or fewer.
    #[track_caller]
    pub fn assert_count<M>(&self, expected: impl Expected<M>, count: usize) -> EventAssertion {
        self.events(expected.expectation(), Demand::Exactly(count))
    }

    /// Asserts that it was told exactly once who the user is.
    ///
    /// ```
    /// # use analytics_core::{Analytics, DynamicEvent};
    /// # use analytics_testkit::RecordingSink;
    /// # let (sink, recorded) = RecordingSink::pair();
    /// # let traits = DynamicEvent::new("").with("plan", "pro");
    /// # Analytics::new(sink).identify("u1").from_anonymous("a1").set(&traits).track();
    /// recorded.assert_identified("u1").from_anonymous("a1").set("plan", "pro");
    /// ```
    ///
    /// # Panics
    /// If it was not told, or more than once.
    #[track_caller]
    pub fn assert_identified<'v>(&self, user_id: impl IntoDistinctId<'v>) -> IdentifyAssertion {
        let user = Condition::actor(Actor::user(user_id));
        IdentifyAssertion::new(self.check(Subject::Identify, [user]))
    }

    /// Asserts that it was told exactly once, by [`Analytics::alias`](analytics_core::Analytics::alias), whose
    /// `anonymous_id` is: `assert_alias("anonymous_s1").to_user("u1")`.
    ///
    /// # Panics
    /// If it was not told, or more than once.
    #[track_caller]
    pub fn assert_alias<'v>(&self, anonymous_id: impl IntoDistinctId<'v>) -> AliasAssertion {
        let anonymous = Condition::value(RecordField::Anonymous, "", Wire::of(anonymous_id.into_distinct_id().value()));
        AliasAssertion::new(self.check(Subject::Alias, [anonymous]))
    }

    /// Asserts that a group was described exactly once: `assert_group("company", "acme").with("plan", "pro")`.
    ///
    /// # Panics
    /// If it was not described, or more than once.
    #[track_caller]
    pub fn assert_group<'v>(&self, kind: &str, id: impl IntoDistinctId<'v>) -> GroupAssertion {
        let group = Condition::Group { id: id.into_distinct_id().to_string() };
        GroupAssertion::new(self.check(Subject::Group(kind.to_owned()), [group]))
    }

    #[track_caller]
    fn events(&self, expected: Expectation, demand: Demand) -> EventAssertion {
        EventAssertion::new(Check::begin(self.0.snapshot(), expected, demand))
    }

    #[track_caller]
    fn check(&self, subject: Subject, conditions: impl IntoIterator<Item = Condition>) -> Check {
        Check::begin(self.0.snapshot(), Expectation::new(subject, None).with(conditions), Demand::One)
    }
}
