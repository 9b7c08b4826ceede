//! The engine and its oracle, step by step.

use std::collections::HashSet;

use super::flying::{self, Landing};
use super::oracle::{Oracle, verdict};
use super::step::Reply;
use super::*;
use crate::engine::tests::receipts::Stationer;

/// The longest that a server may ask for.
const LONGEST_RETRY_AFTER: Duration = Duration::from_secs(300);
const MINUTE: Duration = Duration::from_secs(60);

pub(super) struct World {
    engine: Engine,
    oracle: Oracle,
    stationer: Stationer,
    now: Duration,
    /// When the worker last looked, as the queue knows it.
    looked_at: Duration,
    /// Until when the worker has no reason to look, if nothing happens.
    sleeps_until: Option<Duration>,
    dispatches: Vec<Dispatch>,
    /// What flushes wait for: the engine's mark, and the number of events at that time.
    marks: Vec<(Vec<u64>, usize)>,
    /// By when the sink closes, once it is shut down.
    deadline: Option<Duration>,
    is_closed: bool,
    /// The lanes in which sending fails.
    failing: HashSet<Lane>,
    /// When the server wants to be left alone, by route.
    left_alone_until: [Duration; ROUTES.len()],
    /// Until when the server does not know the key, by route.
    barred_until: [Duration; ROUTES.len()],
    /// Events before this one are waited for by a flush or a shutdown.
    hurried_until: usize,
    /// … until then, by route.
    hurried_before: [Duration; ROUTES.len()],
}

impl World {
    pub(super) fn new(config: DeliveryConfig) -> Self {
        Self {
            engine: engine(config.clone()),
            oracle: Oracle::new(config),
            stationer: Stationer::new(),
            now: Duration::ZERO,
            looked_at: Duration::ZERO,
            sleeps_until: None,
            dispatches: Vec::new(),
            marks: Vec::new(),
            deadline: None,
            is_closed: false,
            failing: HashSet::new(),
            left_alone_until: [Duration::ZERO; ROUTES.len()],
            barred_until: [Duration::ZERO; ROUTES.len()],
            hurried_until: 0,
            hurried_before: [Duration::ZERO; ROUTES.len()],
        }
    }

    pub(super) fn take(&mut self, step: Step) {
        match step {
            Step::Track { route, len, how, wants_receipt } => self.track(route, len, how, wants_receipt),
            Step::Advance(time) => self.now += time,
            Step::Tick => {
                self.engine.tick();
                self.sleeps_until = None;
            }
            Step::Look => self.look(),
            Step::Reply(which, reply) if which < self.dispatches.len() => self.reply(which, &reply),
            Step::Crash(which, how) if which < self.dispatches.len() => self.crash(which, how),
            Step::Reply(..) | Step::Crash(..) => {}
            Step::Flush(grace) => self.flush(grace),
            Step::Shutdown(grace) => self.drain(grace),
            Step::Purge => {
                let purged = self.oracle.purge();
                assert_eq!(purge(&mut self.engine, DropReason::Consent), purged);
                self.sleeps_until = None;
            }
            Step::Close => {
                self.engine.close(DropReason::Abandoned);
                self.closed();
            }
        }
        self.check();
    }

    fn track(&mut self, route: usize, len: usize, how: How, wants_receipt: bool) {
        self.oracle.note_aside(|route_index, seq| self.engine.is_aside(route_index, seq));
        let has_share = self.oracle.has_share(route, how.order, len);
        let has_room = has_share && self.oracle.has_room(ROUTES[route].lane, len, how.critical);
        let bytes = Oracle::bytes(self.oracle.events.len(), len);
        let answered = std::cell::RefCell::new(None);
        let receipt = || {
            wants_receipt.then(|| {
                let (receipt, acknowledged) = self.stationer.receipt();
                *answered.borrow_mut() = Some(acknowledged);
                receipt
            })
        };
        match self.engine.let_in_with(ROUTES[route], &bytes, how, &receipt) {
            Ok(admitted) => {
                let acknowledged = answered.take();
                assert!(self.deadline.is_none() && !self.is_closed);
                let displaced = self.oracle.make_share(route, how.order, len)
                    + self.oracle.make_room(ROUTES[route].lane, len, how.critical);
                assert_eq!(admitted.displaced, displaced);
                assert!(displaced == 0 || self.engine.config().overflow == Overflow::DropOldest && !how.waits);
                let route_index = self.engine.route_place(ROUTES[route]);
                self.oracle.admitted(route, route_index, how.order, len, self.looked_at, acknowledged);
                if admitted.wake {
                    self.sleeps_until = None;
                }
            }
            Err(DropReason::Closed) => {
                assert!(self.deadline.is_some() || self.is_closed);
                self.refused(ROUTES[route].lane, DropReason::Closed);
            }
            Err(DropReason::TooLarge) => {
                assert!(len + ENTRY_BYTES > self.oracle.limits(ROUTES[route].lane, how.critical).1);
                self.refused(ROUTES[route].lane, DropReason::TooLarge);
            }
            // Whoever waits for room comes back, and is not counted.
            Err(DropReason::QueueFull) if how.waits => {
                assert!(!has_room && !self.engine.has_room_or_is_closed(ROUTES[route].lane));
            }
            Err(reason) => {
                assert!(reason == DropReason::QueueFull && !has_room, "{reason}");
                self.refused(ROUTES[route].lane, reason);
            }
        }
    }

    fn refused(&mut self, lane: Lane, reason: DropReason) {
        self.engine.count_dropped(lane, reason);
        self.oracle.refused(lane, reason);
    }

    fn look(&mut self) {
        let step = self.engine.step(self.now);
        self.looked_at = Duration::from_millis(u64::try_from(self.now.as_millis()).unwrap() / 64 * 64);
        if !self.is_closed {
            self.oracle.expire(self.now);
            let refuses = |route: usize| self.now < self.barred_until[route] && self.now < self.hurried_before[route];
            self.oracle.refuse(std::array::from_fn(refuses), self.hurried_until);
        }
        let is_over = self.deadline.is_some_and(|at| self.now >= at || self.oracle.unsettled.is_empty());
        if is_over || self.is_closed {
            assert!(matches!(step, EngineStep::Then(Then::Finished)));
            return self.closed();
        }
        match step {
            EngineStep::Send(dispatch) => {
                assert!(self.sleeps_until.is_none_or(|until| self.now >= until), "nobody woke the worker for this");
                self.sleeps_until = None;
                self.send(dispatch);
            }
            EngineStep::Then(Then::WaitUntil(then)) => {
                assert!(then > self.now && self.deadline.is_none_or(|at| then <= at));
                self.sleeps_until = Some(then);
            }
            EngineStep::Then(Then::Wait) => self.sleeps_until = Some(Duration::MAX),
            // What waited is behind what was set aside.
            EngineStep::Then(Then::LookAgain) => self.look(),
            other @ EngineStep::Then(Then::Finished) => panic!("{other:?}"),
        }
    }

    fn send(&mut self, dispatch: Dispatch) {
        let Attempt { route_id, ends_at, .. } = dispatch.attempt;
        let route_index = route_id.place();
        assert!(self.now >= self.left_alone_until[route_index], "the server asked to be left alone");
        let timeout = self.engine.config().request_timeout..=MINUTE;
        let deadline = self.deadline.unwrap_or(Duration::MAX);
        let behind = self.oracle.numbers_of(route_index, &flying::unsent(&dispatch));
        self.oracle.follows(&behind);
        self.oracle.leased(&dispatch.attempt, &dispatch.leased, self.now);
        assert!(ends_at == deadline || timeout.contains(&ends_at.saturating_sub(self.now)) && ends_at <= deadline);
        self.dispatches.push(dispatch);
    }

    fn reply(&mut self, which: usize, reply: &Reply) {
        let dispatch = self.dispatches.swap_remove(which);
        let (attempt, lane) = (dispatch.attempt, dispatch.route.lane);
        let numbers = self.oracle.numbers_of(attempt.route_id.place(), &dispatch.leased.slots);
        let answer = self.oracle.with_followers(&numbers, reply.answer(&numbers));
        self.sleeps_until = None;
        let is_news = self.engine.is_news(&attempt);
        match flying::answered(&mut self.engine, dispatch, &answer, self.now) {
            Landing::Split(dispatch) => {
                let is_refused = matches!(answer.outcome, Outcome::Split | Outcome::Poisoned);
                assert!(numbers.len() > 1 && is_refused);
                self.go_on(dispatch);
            }
            Landing::GoesOn(dispatch, held_back) => {
                self.settled(lane, &attempt, &numbers, &answer, is_news);
                let held_back = self.oracle.numbers_of(attempt.route_id.place(), &held_back);
                self.oracle.returned(&held_back, false, false);
                self.go_on(dispatch);
            }
            Landing::Over(unsent) => {
                self.settled(lane, &attempt, &numbers, &answer, is_news);
                let unsent = self.oracle.numbers_of(attempt.route_id.place(), &unsent);
                self.oracle.returned(&unsent, false, false);
            }
        }
    }

    /// The next part of a dispatch is sent.
    fn go_on(&mut self, dispatch: Dispatch) {
        let Attempt { route_id, batch, .. } = dispatch.attempt;
        let route_index = route_id.place();
        let numbers = self.oracle.numbers_of(route_index, &dispatch.leased.slots);
        self.oracle.sent(batch, &numbers, self.now);
        self.dispatches.push(dispatch);
    }

    fn settled(&mut self, lane: Lane, attempt: &Attempt, numbers: &[usize], answer: &Answer, is_news: bool) {
        assert!(
            self.is_closed || numbers.len() == 1 || answer.outcome != Outcome::Split,
            "a part that can be split is split"
        );
        let is_settled = |index| !matches!(verdict(answer, index), Verdict::Retry | Verdict::Unsent);
        let settles_some = (0..numbers.len()).any(is_settled);
        let has_verdicts = matches!(&answer.outcome, Outcome::PerEvent { verdicts, .. } if !verdicts.is_empty());
        let is_pruned = has_verdicts && (settles_some || attempt.batch.is_pruned);
        let is_failure = !settles_some && !is_pruned;
        let asked = match &answer.outcome {
            Outcome::Retry { after } | Outcome::PerEvent { after, .. } => {
                after.map(|after| after.min(LONGEST_RETRY_AFTER))
            }
            _ => None,
        };
        let is_unauthorized = answer.outcome == Outcome::Refused(DropReason::Unauthorized);
        let until = &mut self.left_alone_until[attempt.route_id.place()];
        if is_failure {
            *until = (*until).max(self.now + asked.unwrap_or_default());
        } else if is_unauthorized {
            *until = (*until).max(self.now + MINUTE);
        }
        if is_unauthorized {
            self.barred_until[attempt.route_id.place()] = self.now + MINUTE;
        } else if !is_failure && is_news {
            self.barred_until[attempt.route_id.place()] = Duration::ZERO;
        }
        let fails = is_failure || matches!(answer.outcome, Outcome::Refused(_) | Outcome::Split | Outcome::Poisoned);
        self.failing.remove(&lane);
        self.failing.extend(fails.then_some(lane));
        let ready_at = if is_pruned { self.now + asked.unwrap_or_default() } else { self.now };
        self.oracle.answered(numbers, answer, self.now);
        self.oracle.pauses(attempt, ready_at);
    }

    fn crash(&mut self, which: usize, cut: Cut) {
        let dispatch = self.dispatches.swap_remove(which);
        let (route_index, lane) = (dispatch.attempt.route_id.place(), dispatch.route.lane);
        let parts = [dispatch.leased.slots.clone(), flying::unsent(&dispatch)];
        self.engine.cut_off(dispatch, cut, self.now, 0.5);
        let [sending, unsent] = parts.map(|slots| self.oracle.numbers_of(route_index, &slots));
        self.oracle.returned(&sending, true, cut == Cut::Panicked);
        self.oracle.returned(&unsent, false, false);
        self.failing.extend((cut == Cut::Panicked).then_some(lane));
        self.sleeps_until = None;
    }

    fn flush(&mut self, grace: Duration) {
        let mark = self.engine.expedite(self.now + grace);
        self.hurried_until = self.oracle.events.len();
        self.expedite(self.now + grace);
        self.marks.push((mark, self.oracle.events.len()));
        self.sleeps_until = None;
    }

    /// Somebody waits on the routes that there are.
    fn expedite(&mut self, until: Duration) {
        for before in self.hurried_before.iter_mut().take(self.engine.in_flight().len()) {
            *before = until.max(*before);
        }
    }

    fn drain(&mut self, grace: Duration) {
        let deadline = self.now + grace;
        self.engine.drain(deadline);
        self.hurried_until = self.oracle.events.len();
        self.expedite(deadline);
        self.deadline = Some(self.deadline.map_or(deadline, |earlier| earlier.min(deadline)));
        self.sleeps_until = None;
    }

    fn closed(&mut self) {
        self.oracle.close();
        self.is_closed = true;
    }

    fn check(&mut self) {
        let engine = &mut self.engine;
        self.oracle.check_receipts(answers(engine));
        self.oracle.check_ledger(&engine.ledger());
        assert_eq!(engine.phase() == Phase::Closed, self.is_closed);
        assert_eq!(engine.outage().since.is_some(), !self.failing.is_empty());
        let in_flight: Vec<_> = engine.in_flight();
        assert!(in_flight.iter().all(|dispatches| *dispatches <= 2));
        assert_eq!(in_flight.iter().sum::<usize>(), self.dispatches.len());
        // What is set aside weighs more from then on; what comes in later finds so much less room.
        for lane in Lane::ALL.iter().copied() {
            assert_eq!(engine.is_failing(lane), self.failing.contains(&lane));
            let live_bytes = engine.live_bytes_of(lane);
            assert_eq!(live_bytes, self.oracle.live_bytes(lane));
            let index = self.oracle.unsettled_of(lane).count();
            assert!(live_bytes + index * ENTRY_BYTES <= engine.config().of_lane(lane).queue_bytes.get());
        }
        for (mark, events) in &self.marks {
            let is_flushed = self.oracle.unsettled.first().is_none_or(|first| first >= events);
            assert_eq!(engine.is_flushed(mark), is_flushed);
        }
    }

    /// The server takes everything from now on: a flush ends with all settled, as soon as the server let us.
    pub(super) fn heal(&mut self) {
        if self.is_closed || self.deadline.is_some() {
            return;
        }
        let begun = self.now;
        self.take(Step::Flush(Duration::from_secs(3_600)));
        for _ in 0..1_000 {
            while !self.dispatches.is_empty() {
                self.take(Step::Reply(0, Reply::Delivered));
            }
            self.take(Step::Look);
            match self.sleeps_until {
                _ if !self.dispatches.is_empty() => {}
                Some(Duration::MAX) => break,
                until => self.now = until.unwrap(),
            }
        }
        assert!(self.oracle.unsettled.is_empty() && self.dispatches.is_empty());
        assert!(self.now <= begun + LONGEST_RETRY_AFTER, "{begun:?} to {:?}", self.now);
    }

    /// Without an answer, the sink closes at its deadline with nothing pending.
    pub(super) fn shut_down(&mut self) {
        self.take(Step::Shutdown(Duration::from_secs(1)));
        while !self.dispatches.is_empty() {
            self.take(Step::Crash(0, Cut::CalledOff));
        }
        self.take(Step::Advance(Duration::from_secs(1)));
        self.take(Step::Look);
        assert!(self.is_closed && self.engine.ledger().is_settled());
        assert!(Lane::ALL.iter().all(|lane| self.engine.live_bytes_of(*lane) == 0));
    }
}
