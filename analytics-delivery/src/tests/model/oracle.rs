//! What has become of each event, kept apart from the engine.

use std::collections::{BTreeSet, HashMap};
use std::pin::Pin;
use std::task::{Context, Poll, Waker};

use analytics_core::Acknowledged;

use super::*;
use crate::batch::BatchIdentity;

/// What has become of each event.
#[derive(Debug)]
pub(super) struct Oracle {
    config: DeliveryConfig,
    pub(super) events: Vec<Event>,
    /// The numbers of each route's events, by their place in its queue.
    numbers: Vec<Vec<usize>>,
    pub(super) unsettled: BTreeSet<usize>,
    counts: HashMap<(Lane, Settlement), u64>,
    /// Events whose owners wait for an answer that is due.
    owed: BTreeSet<usize>,
    pub(super) requests: u64,
    /// What was sent of each batch at the last attempt, which attempt that was, and when it may be sent again.
    batches: HashMap<u64, (Vec<usize>, u32, Duration)>,
}

#[derive(Debug)]
pub(super) struct Event {
    route: usize,
    route_index: usize,
    order: OrderKey,
    len: usize,
    queued_at: Duration,
    attempts: u32,
    panics: u32,
    /// Whether it has left the index, because the rest of its batch was taken, or because it comes after such an event.
    is_aside: bool,
    place: Place,
    acknowledged: Option<Acknowledged>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Waiting,
    InFlight,
    Settled(Settlement),
}

impl Oracle {
    pub(super) fn new(config: DeliveryConfig) -> Self {
        Self {
            config,
            events: Vec::new(),
            numbers: vec![Vec::new(); ROUTES.len()],
            unsettled: BTreeSet::new(),
            counts: HashMap::new(),
            owed: BTreeSet::new(),
            requests: 0,
            batches: HashMap::new(),
        }
    }

    /// The bytes of the event with this number, which tell it.
    pub(super) fn bytes(number: usize, len: usize) -> Vec<u8> {
        let mut bytes = vec![u8::try_from(number % 251).unwrap(); len];
        bytes[..8].copy_from_slice(&(number as u64).to_le_bytes());
        bytes
    }

    pub(super) fn limits(&self, lane: Lane, critical: bool) -> (usize, usize) {
        let (events, bytes) = (self.config.queue_events.get(), self.config.of_lane(lane).queue_bytes.get());
        if critical { (events, bytes) } else { (events - events / 20, bytes - bytes / 20) }
    }

    /// The events of a lane that are not settled.
    pub(super) fn unsettled_of(&self, lane: Lane) -> impl Iterator<Item = usize> {
        self.unsettled.iter().copied().filter(move |number| ROUTES[self.events[*number].route].lane == lane)
    }

    pub(super) fn live_bytes(&self, lane: Lane) -> usize {
        self.unsettled_of(lane).map(|number| self.events[number].len).sum()
    }

    pub(super) fn has_room(&self, lane: Lane, len: usize, critical: bool) -> bool {
        let (events, bytes) = self.limits(lane, critical);
        // An event set aside weighs four entries.
        let aside = self.unsettled_of(lane).filter(|number| self.events[*number].is_aside).count();
        let unsettled = self.unsettled_of(lane).count();
        let entries = unsettled + 3 * aside;
        unsettled < events && self.live_bytes(lane) + len + (entries + 1) * ENTRY_BYTES <= bytes
    }

    /// Learns which events were set aside.
    pub(super) fn note_aside(&mut self, is_aside: impl Fn(usize, u64) -> bool) {
        for (route_index, numbers) in self.numbers.iter().enumerate() {
            for (seq, number) in numbers.iter().enumerate().filter(|(_, number)| self.unsettled.contains(number)) {
                self.events[*number].is_aside = is_aside(route_index, seq as u64);
            }
        }
    }

    /// The events of one actor that are not settled.
    fn share(&self, route: usize, order: OrderKey) -> Vec<usize> {
        let is_its = |number: &usize| {
            let event = &self.events[*number];
            order != OrderKey::NONE && event.route == route && event.order == order
        };
        self.unsettled.iter().copied().filter(is_its).collect()
    }

    /// Whether the actor has less than its fourth of the queue, or nothing.
    pub(super) fn has_share(&self, route: usize, order: OrderKey, len: usize) -> bool {
        let share = self.share(route, order);
        let bytes: usize = share.iter().map(|number| self.events[*number].len).sum();
        let config = self.config.of_lane(ROUTES[route].lane);
        let events = (config.queue_events.get() / 4).max(config.batch_events.get());
        let limit = (config.queue_bytes.get() / 4).max(config.batch_bytes.get());
        share.is_empty() || share.len() < events && bytes + len + (share.len() + 1) * ENTRY_BYTES <= limit
    }

    /// Drops the actor's oldest events that wait, until it has less than its fourth. Returns their number.
    pub(super) fn make_share(&mut self, route: usize, order: OrderKey, len: usize) -> u64 {
        let mut dropped = 0;
        while !self.has_share(route, order, len) {
            let mut share = self.share(route, order).into_iter();
            let oldest = share.find(|number| self.events[*number].place == Place::Waiting);
            self.settle(oldest.unwrap(), Place::Waiting, Settlement::Dropped(DropReason::QueueFull));
            dropped += 1;
        }
        dropped
    }

    /// What comes after an event that is not sent is not sent, either.
    pub(super) fn with_followers(&self, numbers: &[usize], mut answer: Answer) -> Answer {
        if let Outcome::PerEvent { verdicts, .. } = &mut answer.outcome {
            let mut held = Vec::new();
            for (index, number) in numbers.iter().enumerate() {
                let order = self.events[*number].order;
                if verdicts.get(index) == Some(&Verdict::Unsent) && order != OrderKey::NONE {
                    held.push(order);
                } else if held.contains(&order) {
                    verdicts.resize(verdicts.len().max(index + 1), Verdict::Delivered);
                    verdicts[index] = Verdict::Unsent;
                }
            }
        }
        answer
    }

    /// None of them begins while an earlier one of its actor is on its way with others, or waits.
    fn check_order(&self, numbers: &[usize]) {
        for number in numbers {
            let event = &self.events[*number];
            let share = self.share(event.route, event.order);
            let earlier = share.iter().take_while(|earlier| *earlier < number);
            assert!(earlier.clone().all(|earlier| numbers.contains(earlier)), "{number} before {share:?}");
        }
    }

    /// Drops the oldest events that wait, until there is room. Returns their number.
    pub(super) fn make_room(&mut self, lane: Lane, len: usize, critical: bool) -> u64 {
        let mut dropped = 0;
        while !self.has_room(lane, len, critical) {
            let waiting = self.unsettled_of(lane).filter(|number| self.events[*number].place == Place::Waiting);
            let age = |number: &usize| (self.events[*number].queued_at, self.events[*number].route_index, *number);
            let oldest = waiting.min_by_key(age).expect("what is in flight is not dropped");
            self.settle(oldest, Place::Waiting, Settlement::Dropped(DropReason::QueueFull));
            dropped += 1;
        }
        dropped
    }

    pub(super) fn admitted(
        &mut self,
        route: usize,
        route_index: usize,
        order: OrderKey,
        len: usize,
        queued_at: Duration,
        acknowledged: Option<Acknowledged>,
    ) {
        let number = self.events.len();
        self.numbers[route_index].push(number);
        self.unsettled.insert(number);
        self.events.push(Event {
            route,
            route_index,
            order,
            len,
            queued_at,
            attempts: 0,
            panics: 0,
            is_aside: false,
            place: Place::Waiting,
            acknowledged,
        });
    }

    pub(super) fn refused(&mut self, lane: Lane, reason: DropReason) {
        *self.counts.entry((lane, Settlement::Dropped(reason))).or_default() += 1;
    }

    pub(super) fn numbers_of(&self, route_index: usize, slots: &[Slot]) -> Vec<usize> {
        slots.iter().map(|slot| self.numbers[route_index][usize::try_from(slot.seq).unwrap()]).collect()
    }

    /// Events leave for the server.
    pub(super) fn leased(&mut self, attempt: &Attempt, leased: &Leased, now: Duration) {
        let (route_index, batch) = (attempt.route_id.place(), attempt.batch);
        let numbers = self.numbers_of(route_index, &leased.slots);
        let bytes: usize = leased.slots.iter().map(|slot| slot.len as usize).sum();
        let lane = numbers.first().map(|number| ROUTES[self.events[*number].route].lane).unwrap_or_default();
        let most = (self.config.batch_events.get(), self.config.of_lane(lane).batch_bytes.get());
        assert!((1..=most.0).contains(&numbers.len()) && (bytes <= most.1 || numbers.len() == 1));
        assert!(numbers.is_sorted_by(|one, two| one < two), "in the order in which they were captured");
        self.sent(batch, &numbers, now);
        for (number, slot) in numbers.into_iter().zip(&leased.slots) {
            let event = &mut self.events[number];
            assert_eq!(std::mem::replace(&mut event.place, Place::InFlight), Place::Waiting);
            assert_eq!(u32::from(slot.attempts), event.attempts);
            let (from, chunk) = (slot.offset as usize, &leased.chunks[slot.chunk as usize]);
            assert!(
                chunk[from..from + slot.len as usize] == Self::bytes(number, event.len),
                "every attempt is the same"
            );
        }
    }

    /// Events of a batch that is sent again go with it, to be sent after it.
    pub(super) fn follows(&mut self, numbers: &[usize]) {
        for number in numbers {
            assert_eq!(std::mem::replace(&mut self.events[*number].place, Place::InFlight), Place::Waiting);
        }
    }

    /// A request is made with these events.
    pub(super) fn sent(&mut self, batch: BatchIdentity, numbers: &[usize], now: Duration) {
        self.requests += 1;
        self.check_order(numbers);
        match self.batches.insert(batch.number, (numbers.to_vec(), batch.attempts, now)) {
            None => assert_eq!(batch.attempts, 0),
            Some((sent, attempts, ready_at)) => {
                assert!(batch.attempts == attempts + 1 && now >= ready_at);
                assert!(numbers.iter().all(|number| sent.contains(number)), "a repeat has nothing new in it");
            }
        }
    }

    /// The server answered a request with these events.
    pub(super) fn answered(&mut self, numbers: &[usize], answer: &Answer, now: Duration) {
        for (index, number) in numbers.iter().enumerate() {
            if !self.unsettled.contains(number) {
                continue;
            }
            let event = &self.events[*number];
            let is_old = now.saturating_sub(event.queued_at) >= self.config.max_age + self.config.flush_interval;
            let settlement = match verdict(answer, index) {
                Verdict::Delivered => Settlement::Delivered,
                Verdict::Dropped(reason) => Settlement::Dropped(reason),
                Verdict::Retry if self.config.max_retries.is_some_and(|most| event.attempts >= most) => {
                    Settlement::Dropped(DropReason::RetriesSpent)
                }
                Verdict::Retry if is_old => Settlement::Dropped(DropReason::Expired),
                Verdict::Retry => {
                    self.returned(&[*number], true, false);
                    continue;
                }
                Verdict::Unsent => {
                    self.returned(&[*number], false, false);
                    continue;
                }
            };
            self.settle(*number, Place::InFlight, settlement);
        }
    }

    /// A batch is not sent again before then.
    pub(super) fn pauses(&mut self, attempt: &Attempt, until: Duration) {
        self.batches.entry(attempt.batch.number).and_modify(|(_, _, ready_at)| *ready_at = until);
    }

    /// What waits is given up. Returns the number of events.
    pub(super) fn purge(&mut self) -> u64 {
        let waits = |number: &usize| self.events[*number].place == Place::Waiting;
        let waiting: Vec<_> = self.unsettled.iter().copied().filter(waits).collect();
        for number in &waiting {
            self.settle(*number, Place::Waiting, Settlement::Dropped(DropReason::Consent));
        }
        waiting.len() as u64
    }

    /// Whoever waits for events of a route on which the server does not know the key does not wait for them.
    pub(super) fn refuse(&mut self, routes: [bool; ROUTES.len()], hurried_until: usize) {
        let is_refused = |number: &usize| {
            let event = &self.events[*number];
            *number < hurried_until && event.place == Place::Waiting && routes[event.route_index]
        };
        let refused: Vec<_> = self.unsettled.iter().copied().filter(is_refused).collect();
        for number in refused {
            self.settle(number, Place::Waiting, Settlement::Dropped(DropReason::Unauthorized));
        }
    }

    /// Events wait again.
    pub(super) fn returned(&mut self, numbers: &[usize], attempted: bool, panicked: bool) {
        for number in numbers.iter().filter(|number| self.unsettled.contains(number)).copied().collect::<Vec<_>>() {
            let event = &mut self.events[number];
            event.attempts += u32::from(attempted);
            event.panics += u32::from(panicked);
            if event.panics == 3 {
                self.settle(number, Place::InFlight, Settlement::Dropped(DropReason::Panicked));
            } else {
                assert_eq!(std::mem::replace(&mut event.place, Place::Waiting), Place::InFlight);
            }
        }
    }

    /// What waits and is too old is given up.
    pub(super) fn expire(&mut self, now: Duration) {
        let most = self.config.max_age + self.config.flush_interval;
        let is_old = |event: &Event| event.place == Place::Waiting && now.saturating_sub(event.queued_at) >= most;
        let old: Vec<_> = self.unsettled.iter().copied().filter(|number| is_old(&self.events[*number])).collect();
        for number in old {
            self.settle(number, Place::Waiting, Settlement::Dropped(DropReason::Expired));
        }
    }

    /// All that is left is given up.
    pub(super) fn close(&mut self) {
        for number in std::mem::take(&mut self.unsettled) {
            let place = self.events[number].place;
            self.settle(number, place, Settlement::Dropped(DropReason::Abandoned));
        }
    }

    fn settle(&mut self, number: usize, from: Place, settlement: Settlement) {
        let event = &mut self.events[number];
        assert_eq!(std::mem::replace(&mut event.place, Place::Settled(settlement)), from, "event {number}");
        assert!(!matches!(from, Place::Settled(_)), "settled twice");
        self.unsettled.remove(&number);
        *self.counts.entry((ROUTES[event.route].lane, settlement)).or_default() += 1;
        if event.acknowledged.is_some() {
            self.owed.insert(number);
        }
    }

    /// Every answer that is due was given, and no other.
    pub(super) fn check_receipts(&mut self, answers: Vec<(analytics_core::Receipt, Settlement)>) {
        assert_eq!(answers.len(), self.owed.len());
        for (receipt, settlement) in answers {
            receipt.settle(settlement);
        }
        for number in std::mem::take(&mut self.owed) {
            let event = &mut self.events[number];
            let mut acknowledged = event.acknowledged.take().unwrap();
            let answer = Pin::new(&mut acknowledged).poll(&mut Context::from_waker(Waker::noop()));
            assert_eq!(answer.map(Place::Settled), Poll::Ready(event.place), "event {number}");
        }
    }

    /// The ledger says what happened.
    pub(super) fn check_ledger(&self, ledger: &Ledger) {
        for lane in Lane::ALL.iter().copied() {
            let (count, ledger) = (|what| self.counts.get(&(lane, what)).copied().unwrap_or(0), ledger.lane(lane));
            assert_eq!(ledger.pending(), self.unsettled_of(lane).count() as u64);
            assert_eq!(ledger.delivered(), count(Settlement::Delivered));
            let mut dropped = 0;
            for reason in DropReason::ALL {
                assert_eq!(ledger.dropped(*reason), count(Settlement::Dropped(*reason)), "{reason}");
                dropped += ledger.dropped(*reason);
            }
            assert_eq!(ledger.captured(), ledger.delivered() + ledger.pending() + dropped);
        }
        let settled: u64 = self.counts.values().sum();
        assert!(ledger.accounts_for(settled + ledger.pending()), "{ledger}, {:?}", self.counts);
        assert_eq!(ledger.traffic().requests, self.requests);
    }
}

/// What `answer` says about the event at `index`.
pub(super) fn verdict(answer: &Answer, index: usize) -> Verdict {
    match &answer.outcome {
        Outcome::Delivered => Verdict::Delivered,
        Outcome::Retry { .. } => Verdict::Retry,
        Outcome::Refused(reason) => Verdict::Dropped(*reason),
        Outcome::Split => Verdict::Dropped(DropReason::TooLarge),
        Outcome::Poisoned => Verdict::Dropped(DropReason::Refused),
        Outcome::PerEvent { verdicts, .. } => verdicts.get(index).copied().unwrap_or(Verdict::Delivered),
    }
}
