//! `GET /api/page/journey`: under which ids an actor was seen, and whether they became one person.

use std::collections::HashMap;
use std::sync::Arc;

use axum::body::Body;
use axum::extract::{Query, State};
use axum::http::Response;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::row::Row;
use crate::api::answer;
use crate::protocol::illegal_id::is_never_merged;
use crate::received::ReceivedEvent;
use crate::shared::Shared;
use crate::store::{Item, What};
use crate::workers::Reading;

/// At most this many of the latest entries are shown.
const MAX_ROWS: usize = 100;

#[derive(Deserialize)]
pub(super) struct Wanted {
    actor: String,
}

#[derive(Debug, Serialize)]
struct Journey<'a> {
    /// All ids of the person first, then those that were meant to join and did not.
    ids: Vec<Identity>,
    /// In the order of arrival.
    joins: Vec<Join>,
    /// Of all ids of the person, the newest first.
    rows: Vec<Row<'a>>,
}

#[derive(Debug, PartialEq, Eq, Serialize)]
struct Identity {
    id: String,
    events: u64,
    /// Whether it is the same person as the actor.
    is_same: bool,
}

/// One event that was meant to make one person of two ids.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
struct Join {
    seq: u64,
    event: String,
    from: String,
    into: String,
    /// Why nothing came of it; `None` if it did.
    blocked: Option<&'static str>,
}

pub(super) async fn show(State(shared): State<Arc<Shared>>, Query(wanted): Query<Wanted>) -> Response<Body> {
    answer::make(shared, Reading::Search, move |shared| {
        let mut items = shared.store.read_feed(|feed, _, requests| feed.between(0, u64::MAX, usize::MAX, requests));
        items.retain(|item| matches!(item.what, What::Event { .. }));
        answer::json(&journey(&items, &wanted.actor))
    })
    .await
}

/// Reads events, the newest first.
fn journey<'a>(items: &'a [Item], actor: &str) -> Journey<'a> {
    let events = || items.iter().filter_map(|item| event(item).map(|event| (item, event)));
    let mut persons = Persons::default();
    let joins: Vec<Join> = events().rev().filter_map(|(item, event)| persons.read(item.seq, event)).collect();
    let joins: Vec<Join> = joins
        .into_iter()
        .filter(|join| persons.are_same(&join.from, actor) || persons.are_same(&join.into, actor))
        .collect();

    let mut ids = vec![Identity { id: actor.to_owned(), events: 0, is_same: true }];
    for id in joins.iter().flat_map(|join| [&join.from, &join.into]) {
        if !ids.iter().any(|known| known.id == *id) {
            ids.push(Identity { id: id.clone(), events: 0, is_same: persons.are_same(id, actor) });
        }
    }
    let mut rows = Vec::new();
    for (item, event) in events() {
        if let Some(id) = ids.iter_mut().find(|id| id.id == event.distinct_id) {
            id.events += 1;
            if id.is_same && rows.len() < MAX_ROWS {
                rows.push(Row::of(item));
            }
        }
    }
    ids.sort_by_key(|id| !id.is_same);
    Journey { ids, joins, rows }
}

fn event(item: &Item) -> Option<&ReceivedEvent> {
    match &item.what {
        What::Event { event, .. } => Some(event),
        What::Request(_) => None,
    }
}

/// Which ids are one person, and which persons are identified.
#[derive(Default)]
struct Persons {
    person_of: HashMap<String, usize>,
    /// By person: whether it is identified, and the person that it was merged into.
    persons: Vec<Person>,
}

#[derive(Default)]
struct Person {
    is_identified: bool,
    merged_into: Option<usize>,
}

impl Persons {
    /// Does what the server does with an event, and says what came of it if it was meant to join two ids.
    fn read(&mut self, seq: u64, event: &ReceivedEvent) -> Option<Join> {
        let key = match event.event.as_str() {
            "$identify" => "$anon_distinct_id",
            "$create_alias" | "$merge_dangerously" => "alias",
            _ => return None,
        };
        let into = event.distinct_id.clone();
        let from = match event.property(key) {
            Some(Value::String(id)) => id,
            Some(Value::Null) | None => {
                let person = self.person(&into);
                self.identify(person);
                return None;
            }
            Some(other) => other.to_string(),
        };
        if from == into {
            return None;
        }
        // What is neither dropped nor has a person is under an id that v1 takes it from.
        let of_nobody = event.is_personless().then_some("illegal_distinct_id");
        let blocked = event.silently_dropped().or(of_nobody).or_else(|| self.join(&from, &into, &event.event));
        Some(Join { seq, event: event.event.clone(), from, into, blocked })
    }

    /// Makes one person of two ids, or says why not.
    fn join(&mut self, from: &str, into: &str, event: &str) -> Option<&'static str> {
        if is_never_merged(from) || is_never_merged(into) {
            return Some("illegal_distinct_id");
        }
        let (from, into) = (self.person(from), self.person(into));
        let is_identified = |person: usize| self.persons.get(person).is_some_and(|person| person.is_identified);
        if from != into && is_identified(from) && event != "$merge_dangerously" {
            return Some("already_identified");
        }
        self.identify(into);
        if from != into
            && let Some(person) = self.persons.get_mut(from)
        {
            person.merged_into = Some(into);
        }
        None
    }

    fn are_same(&self, a: &str, b: &str) -> bool {
        a == b || self.known(a).is_some_and(|person| self.known(b) == Some(person))
    }

    fn person(&mut self, id: &str) -> usize {
        if let Some(person) = self.known(id) {
            return person;
        }
        self.person_of.insert(id.to_owned(), self.persons.len());
        self.persons.push(Person::default());
        self.persons.len() - 1
    }

    fn known(&self, id: &str) -> Option<usize> {
        let mut person = *self.person_of.get(id)?;
        while let Some(merged_into) = self.persons.get(person).and_then(|person| person.merged_into) {
            person = merged_into;
        }
        Some(person)
    }

    fn identify(&mut self, person: usize) {
        if let Some(person) = self.persons.get_mut(person) {
            person.is_identified = true;
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::UNIX_EPOCH;

    use serde_json::json;

    use super::*;

    /// What was sent, the oldest first, as the feed has it.
    fn feed(events: &[(&str, &str, Value)]) -> Vec<Item> {
        let items = (1..).zip(events).map(|(seq, (name, actor, properties))| {
            let json = json!({"event": name, "distinct_id": actor, "properties": properties}).to_string();
            let event = ReceivedEvent::new(None, (*name).to_owned(), (*actor).to_owned(), None, &json);
            Item { seq, attempt: 1, what: What::Event { event: event.into(), at: UNIX_EPOCH, is_repeat: false } }
        });
        let mut items: Vec<Item> = items.collect();
        items.reverse();
        items
    }

    fn ids(journey: &Journey<'_>) -> Vec<(String, u64, bool)> {
        journey.ids.iter().map(|id| (id.id.clone(), id.events, id.is_same)).collect()
    }

    fn id(name: &str, events: u64, is_same: bool) -> (String, u64, bool) {
        (name.to_owned(), events, is_same)
    }

    #[test]
    fn a_session_joins_the_user_and_is_seen_from_both_sides() {
        let feed = feed(&[
            ("opened", "a1", json!({})),
            ("other", "u2", json!({})),
            ("$identify", "u1", json!({"$anon_distinct_id": "a1"})),
            ("bought", "u1", json!({})),
        ]);
        for actor in ["u1", "a1"] {
            let journey = journey(&feed, actor);
            let mut ids = ids(&journey);
            ids.sort();
            assert_eq!(ids, [id("a1", 1, true), id("u1", 2, true)]);
            assert_eq!((journey.joins.len(), journey.joins[0].blocked, journey.rows.len()), (1, None, 3));
        }
        assert_eq!(ids(&journey(&feed, "u2")), [id("u2", 1, true)]);
    }

    #[test]
    fn joins_reach_on_through_one_another() {
        let feed = feed(&[
            ("$create_alias", "u1", json!({"alias": "a1"})),
            ("$create_alias", "u1", json!({"alias": "a2"})),
            ("e", "a2", json!({})),
        ]);
        let journey = journey(&feed, "a1");
        assert_eq!(ids(&journey), [id("a1", 0, true), id("u1", 2, true), id("a2", 1, true)]);
        assert_eq!(journey.joins.len(), 2);
    }

    #[test]
    fn what_was_blocked_says_why_and_joins_nobody() {
        let blocked = |events: &[(&str, &str, Value)]| {
            let feed = feed(events);
            let journey = journey(&feed, "u1");
            let others: Vec<_> = journey.ids.iter().filter(|id| id.id != "u1").map(|id| id.is_same).collect();
            (journey.joins.last().and_then(|join| join.blocked), others)
        };
        let identify = |actor, anonymous: &str| ("$identify", actor, json!({"$anon_distinct_id": anonymous}));
        assert_eq!(blocked(&[identify("u2", "a1"), identify("u1", "a1")]).0, Some("already_identified"));
        let known = ("$identify", "a1", json!({}));
        assert_eq!(blocked(&[known.clone(), identify("u1", "a1")]), (Some("already_identified"), vec![false]));
        let forced = ("$merge_dangerously", "u1", json!({"alias": "a1"}));
        assert_eq!(blocked(&[known, forced]), (None, vec![true]));
        for illegal in ["Guest", "null", "0", "", "\"undefined\""] {
            assert_eq!(blocked(&[identify("u1", illegal)]), (Some("illegal_distinct_id"), vec![false]), "{illegal}");
        }
    }
}
