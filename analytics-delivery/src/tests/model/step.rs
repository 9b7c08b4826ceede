//! What can happen.

use std::time::Duration;

use analytics_core::DropReason;
use proptest::prelude::*;

use crate::answer::{Answer, Outcome, Verdict};
use crate::engine::Cut;
use crate::engine::tests::{How, ROUTES};
use crate::order::OrderKey;

#[derive(Clone, Debug)]
pub(super) enum Step {
    Track {
        route: usize,
        len: usize,
        how: How,
        wants_receipt: bool,
    },
    Advance(Duration),
    Tick,
    /// The worker looks what there is to do.
    Look,
    /// The server answers one of the requests.
    Reply(usize, Reply),
    /// One of the dispatches ends without an answer.
    Crash(usize, Cut),
    Flush(Duration),
    Shutdown(Duration),
    /// The grace is over, or the worker panicked too often.
    Close,
    /// What waits is given up.
    Purge,
}

/// What the server answers.
#[derive(Clone, Debug)]
pub(super) enum Reply {
    Delivered,
    Retry(Option<u64>),
    /// It takes too long, with a body of so many bytes.
    TimedOut(usize),
    /// So many connections break over a body of so many bytes.
    Broke(u32, usize),
    /// Somebody on the way refuses it.
    Foreign(Option<u64>),
    Refused(DropReason),
    TooLarge,
    /// It takes no event whose number can be divided by this one, nor its company, and does not say which it is.
    Poison(usize),
    /// It has its own mind about each event, and says no word about those after these.
    Each(Vec<Verdict>, Option<u64>),
}

impl Reply {
    /// The answer to a request with the events of these numbers.
    pub(super) fn answer(&self, events: &[usize]) -> Answer {
        let seconds = |after: &Option<u64>| after.map(Duration::from_secs);
        let answer = Answer::new(match self {
            Self::TimedOut(_) | Self::Broke(..) => Outcome::Retry { after: None },
            Self::Retry(after) | Self::Foreign(after) => Outcome::Retry { after: seconds(after) },
            Self::Refused(reason) => Outcome::Refused(*reason),
            Self::TooLarge => Outcome::Split,
            Self::Poison(bad) if events.iter().any(|event| event % bad == 0) => Outcome::Poisoned,
            Self::Delivered | Self::Poison(_) => Outcome::Delivered,
            Self::Each(verdicts, after) => {
                let verdicts = verdicts.iter().copied().take(events.len()).collect();
                Outcome::PerEvent { verdicts, after: seconds(after) }
            }
        });
        match self {
            Self::TimedOut(body) => answer.with_body_bytes(*body).timed_out(),
            Self::Broke(times, body) => answer.with_body_bytes(*body).with_broken_connections(*times),
            Self::Foreign(_) => answer.foreign(),
            _ => answer,
        }
    }
}

/// How often what happens.
#[derive(Clone, Copy, Debug)]
pub(super) struct Chances {
    track: u32,
    longest: usize,
    look: u32,
    delivered: u32,
    failed: u32,
    crash: u32,
    shutdown: u32,
}

impl Chances {
    /// An engine that is closed has little left to go wrong, so it rarely is.
    pub(super) const EVEN: Self =
        Self { track: 48, longest: 4_000, look: 32, delivered: 12, failed: 24, crash: 8, shutdown: 2 };
    pub(super) const CROWDED: Self =
        Self { track: 120, longest: 20_000, look: 24, delivered: 8, failed: 8, crash: 4, shutdown: 1 };
    pub(super) const REFUSED: Self =
        Self { track: 40, longest: 500, look: 40, delivered: 4, failed: 56, crash: 1, shutdown: 1 };
    pub(super) const CRASHING: Self =
        Self { track: 32, longest: 2_000, look: 32, delivered: 4, failed: 8, crash: 32, shutdown: 1 };
}

pub(super) fn steps(chances: Chances) -> impl Strategy<Value = Vec<Step>> {
    prop::collection::vec(step(chances), 1..120)
}

fn step(chances: Chances) -> impl Strategy<Value = Step> {
    prop_oneof![
        chances.track => track(chances.longest),
        16 => (0..5_000_u64).prop_map(|millis| Step::Advance(Duration::from_millis(millis))),
        4 => (600..4_000_u64).prop_map(|seconds| Step::Advance(Duration::from_secs(seconds))),
        12 => Just(Step::Tick),
        chances.look => Just(Step::Look),
        chances.delivered => (0..4_usize).prop_map(|which| Step::Reply(which, Reply::Delivered)),
        chances.failed => (0..4_usize, failure()).prop_map(|(which, reply)| Step::Reply(which, reply)),
        chances.crash => (0..4_usize, crash()).prop_map(|(which, crash)| Step::Crash(which, crash)),
        8 => (0..20_000_u64).prop_map(|millis| Step::Flush(Duration::from_millis(millis))),
        chances.shutdown => (0..20_000_u64).prop_map(|millis| Step::Shutdown(Duration::from_millis(millis))),
        chances.shutdown => Just(Step::Close),
        chances.shutdown => Just(Step::Purge),
    ]
}

fn track(longest: usize) -> impl Strategy<Value = Step> {
    let len = prop_oneof![20 => 8..longest, 1 => 8..120_000_usize];
    (0..ROUTES.len(), len, any::<bool>(), any::<bool>(), order(), any::<bool>()).prop_map(
        |(route, len, critical, waits, order, wants_receipt)| Step::Track {
            route,
            len,
            how: How { critical, waits, order },
            wants_receipt,
        },
    )
}

/// A few actors do much, many do little, and some events need no order.
fn order() -> impl Strategy<Value = OrderKey> {
    prop_oneof![
        3 => (0..3_u64).prop_map(|user| OrderKey::of(&user.into())),
        1 => (3..300_u64).prop_map(|user| OrderKey::of(&user.into())),
        2 => Just(OrderKey::NONE),
    ]
}

fn failure() -> impl Strategy<Value = Reply> {
    let after = || prop::option::of(0..400_u64);
    let verdict = prop_oneof![
        3 => Just(Verdict::Delivered),
        2 => Just(Verdict::Retry),
        1 => Just(Verdict::Dropped(DropReason::Refused)),
        1 => Just(Verdict::Unsent),
    ];
    prop_oneof![
        3 => after().prop_map(Reply::Retry),
        2 => body().prop_map(Reply::TimedOut),
        2 => (1..3_u32, body()).prop_map(|(times, body)| Reply::Broke(times, body)),
        2 => after().prop_map(Reply::Foreign),
        1 => Just(Reply::Refused(DropReason::Refused)),
        1 => Just(Reply::Refused(DropReason::Unauthorized)),
        1 => Just(Reply::TooLarge),
        3 => (1..12_usize).prop_map(Reply::Poison),
        3 => (prop::collection::vec(verdict, 0..10), after()).prop_map(|(verdicts, after)| Reply::Each(verdicts, after)),
    ]
}

/// A size on either side of what is small.
fn body() -> impl Strategy<Value = usize> {
    prop_oneof![Just(0), Just(10_000), Just(200_000)]
}

fn crash() -> impl Strategy<Value = Cut> {
    prop_oneof![Just(Cut::Panicked), Just(Cut::CalledOff)]
}
