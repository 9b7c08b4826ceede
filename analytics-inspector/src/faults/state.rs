//! Which fault happens to which request: a pure function of what was armed, of requests and of time.

use std::collections::VecDeque;
use std::time::Instant;

use super::condition::Facts;
use super::effect::FaultEffect;
use super::fault::Fault;
use super::report::FaultReport;

/// How many reports of faults that are over are kept.
const FINISHED_CAPACITY: usize = 1_000;

#[derive(Debug, Default)]
pub(super) struct State {
    requests: u64,
    /// How many faults were ever armed.
    ever_armed: u64,
    armed: VecDeque<Armed>,
    finished: VecDeque<FaultReport>,
}

#[derive(Debug)]
struct Armed {
    id: u64,
    fault: Fault,
    left: Option<u64>,
    acted: u64,
    /// The number of the request before which it was armed.
    first_request: u64,
    begins_at: Instant,
    last_acted_at: Option<Instant>,
}

/// What a request meets.
#[derive(Debug, Default, PartialEq, Eq)]
pub(crate) struct Claimed {
    pub(crate) fault: Option<Fault>,
    /// The verdicts, besides, on some of its events.
    pub(crate) verdicts: Vec<Fault>,
}

/// That nobody is to be listening.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Refusal {
    /// `None` until the faults are cleared.
    pub(crate) until: Option<Instant>,
}

impl State {
    pub(super) fn arm(&mut self, fault: Fault, now: Instant) {
        let left = fault.schedule.limit();
        let first_request = self.requests;
        self.ever_armed += 1;
        let id = self.ever_armed;
        self.armed.push_back(Armed { id, fault, left, acted: 0, first_request, begins_at: now, last_acted_at: None });
    }

    pub(super) fn armed(&mut self, now: Instant) -> usize {
        self.tidy(now);
        self.armed.len()
    }

    pub(super) fn clear(&mut self) {
        self.armed.clear();
        self.finished.clear();
    }

    /// Disarms one fault, as if it were over, and forgets its report. Whether there was one.
    pub(super) fn disarm(&mut self, id: u64, now: Instant) -> bool {
        self.tidy(now);
        let Some(index) = self.armed.iter().position(|armed| armed.id == id) else {
            let before = self.finished.len();
            self.finished.retain(|report| report.id != id);
            return self.finished.len() < before;
        };
        let disarmed = self.armed.remove(index);
        let was_for_all = disarmed.is_some_and(|disarmed| disarmed.fault.is_for_all());
        for later in self.armed.range_mut(index..).filter(|_| was_for_all) {
            later.begins_at = later.begins_at.max(now);
        }
        true
    }

    /// Numbers a request.
    pub(super) fn next_request(&mut self) -> u64 {
        self.requests += 1;
        self.requests - 1
    }

    /// What happens to a request of which only the head is known: nothing, unless it is certain.
    pub(super) fn claim_early(&mut self, request: u64, now: Instant) -> Option<Fault> {
        let armed = self.reached(now).find(|armed| armed.picks(request))?;
        let is_certain = armed.fault.condition.is_empty() && armed.fault.effect.is_early();
        is_certain.then(|| armed.act(now))
    }

    /// What happens to a request that was read.
    pub(super) fn claim(&mut self, request: u64, facts: &Facts<'_>, now: Instant) -> Claimed {
        let mut claimed = Claimed::default();
        for armed in self.reached(now).filter(|armed| armed.picks(request)) {
            let condition = &armed.fault.condition;
            match armed.fault.effect {
                // It came over a connection from before, or its connection was accepted just in time.
                FaultEffect::Refused => {}
                FaultEffect::Judged { .. } => {
                    if condition.holds_for_an_event(facts) {
                        claimed.verdicts.push(armed.act(now));
                    }
                }
                _ => {
                    if condition.holds(facts) {
                        claimed.fault = Some(armed.act(now));
                        break;
                    }
                }
            }
        }
        claimed
    }

    /// Whether nobody is to be listening now.
    pub(super) fn refusal(&mut self, now: Instant) -> Option<Refusal> {
        let armed = self.reached(now).find(|armed| armed.fault.effect == FaultEffect::Refused)?;
        armed.acted = 1;
        let during = armed.fault.schedule.during;
        Some(Refusal { until: during.and_then(|during| armed.begins_at.checked_add(during)) })
    }

    pub(super) fn has_refusal(&self) -> bool {
        self.armed.iter().any(|armed| armed.fault.effect == FaultEffect::Refused)
    }

    /// All faults in the order in which they were armed, those that are over first.
    pub(super) fn reports(&mut self, now: Instant) -> Vec<FaultReport> {
        self.tidy(now);
        self.finished.iter().cloned().chain(self.armed.iter().map(|armed| armed.report(false))).collect()
    }

    /// The faults that a request can meet: up to the first that lets none pass.
    fn reached(&mut self, now: Instant) -> impl Iterator<Item = &mut Armed> {
        self.tidy(now);
        let mut is_open = true;
        self.armed.iter_mut().take_while(move |armed| std::mem::replace(&mut is_open, !armed.fault.is_for_all()))
    }

    /// Removes the faults that are over. The time of those behind one that was for all begins then.
    fn tidy(&mut self, now: Instant) {
        let mut index = 0;
        while let Some(armed) = self.armed.get(index) {
            let is_for_all = armed.fault.is_for_all();
            let Some(over_at) = armed.over_at(now) else {
                if is_for_all {
                    break;
                }
                index += 1;
                continue;
            };
            let over = self.armed.remove(index);
            self.finished.extend(over.map(|over| over.report(true)));
            for later in self.armed.range_mut(index..).filter(|_| is_for_all) {
                later.begins_at = later.begins_at.max(over_at);
            }
        }
        let surplus = self.finished.len().saturating_sub(FINISHED_CAPACITY);
        self.finished.drain(..surplus);
    }
}

impl Armed {
    fn picks(&self, request: u64) -> bool {
        let since_armed = request.checked_sub(self.first_request);
        self.fault.effect == FaultEffect::Refused
            || since_armed.is_some_and(|request| self.fault.schedule.picks(request))
    }

    fn act(&mut self, now: Instant) -> Fault {
        self.acted += 1;
        self.last_acted_at = Some(now);
        if let Some(left) = &mut self.left {
            *left = left.saturating_sub(1);
        }
        self.fault.clone()
    }

    /// Since when it has no occasion or time left; `None` if it has.
    fn over_at(&self, now: Instant) -> Option<Instant> {
        if self.left == Some(0) {
            return Some(self.last_acted_at.unwrap_or(self.begins_at));
        }
        let during = self.fault.schedule.during?;
        self.begins_at.checked_add(during).filter(|over_at| *over_at <= now)
    }

    fn report(&self, is_over: bool) -> FaultReport {
        FaultReport { id: self.id, fault: self.fault.clone(), acted: self.acted, is_over, left: self.left }
    }
}

#[cfg(test)]
#[path = "state_tests.rs"]
mod tests;
