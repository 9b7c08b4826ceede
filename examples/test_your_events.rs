//! How do I test that my service tracks the right events?
//!
//! ```sh
//! cargo test -p analytics-examples --example test_your_events
//! cargo run -p analytics-examples --example test_your_events
//! ```
//!
//! Above: a small service, which knows nothing of tests. Below: its tests, and what `main` prints.

#![allow(clippy::print_stdout, reason = "an example prints")]

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, SystemTime};

use analytics_testkit::{ManualClock, RecordingSink};
use product_analytics::{Actor, Analytics, Clock, DistinctId, Event, EventId, Properties, PropertyValue};

#[derive(Event)]
enum InvitationEvent<'a> {
    #[event(name = "invitation_sent")]
    Sent { invitation_id: &'a str, team_id: &'a str, role: Role },
    #[event(name = "invitation_refused")]
    Refused { team_id: &'a str, reason: Refusal },
    #[event(name = "invitation_reminded")]
    Reminded { invitation_id: &'a str },
    #[event(name = "invitation_accepted")]
    Accepted {
        invitation_id: &'a str,
        team_id: &'a str,
        #[event(rename = "waited_hours", with = whole_hours)]
        waited: Duration,
    },
}

#[derive(Clone, Copy, PropertyValue)]
enum Role {
    Editor,
    Reader,
}

#[derive(Debug, Clone, Copy, PartialEq, PropertyValue)]
enum Refusal {
    TeamIsFull,
}

#[derive(Properties)]
struct Origin<'a> {
    invited_by: &'a str,
}

fn whole_hours(waited: &Duration) -> u64 {
    waited.as_secs() / 3_600
}

/// The service. What it depends on is passed in: analytics, and the time.
struct Invitations {
    analytics: Analytics,
    clock: Box<dyn Clock>,
    open: Mutex<HashMap<String, Invitation>>,
}

#[derive(Clone)]
struct Invitation {
    by: String,
    team_id: String,
    sent_at: SystemTime,
}

impl Invitations {
    const SEATS: usize = 2;

    fn new(analytics: Analytics, clock: impl Clock) -> Self {
        Self { analytics, clock: Box::new(clock), open: Mutex::default() }
    }

    /// Invites somebody, and returns the invitation's id, which is new each time.
    fn send(&self, user_id: &str, team_id: &str, role: Role) -> Result<String, Refusal> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        let tracker = self.analytics.by(Actor::user(user_id)).in_group("team", team_id);
        if open.values().filter(|invitation| invitation.team_id == team_id).count() == Self::SEATS {
            tracker.track(InvitationEvent::Refused { team_id, reason: Refusal::TeamIsFull });
            return Err(Refusal::TeamIsFull);
        }
        let sent_at = self.clock.now();
        let invitation_id = EventId::at(sent_at).to_string();
        tracker.track(InvitationEvent::Sent { invitation_id: &invitation_id, team_id, role });
        open.insert(invitation_id.clone(), Invitation { by: user_id.into(), team_id: team_id.into(), sent_at });
        Ok(invitation_id)
    }

    /// Reminds whoever was invited, in the background.
    fn remind(&self, invitation_id: &str) {
        let mailer = self.analytics.by(Actor::service("mailer")).into_owned();
        let invitation_id = invitation_id.to_owned();
        thread::spawn(move || mailer.track(InvitationEvent::Reminded { invitation_id: &invitation_id }));
    }

    /// Somebody who was known by a session only accepts, and is a user from then on.
    fn accept(&self, invitation_id: &str, session_id: &str, user_id: &str) {
        let invitation = self.open.lock().unwrap_or_else(PoisonError::into_inner).remove(invitation_id);
        let Some(Invitation { by, team_id, sent_at }) = invitation else { return };
        let session = DistinctId::session(session_id);
        self.analytics.identify(user_id).from_anonymous(session).set_once(&Origin { invited_by: &by }).track();
        let waited = self.clock.now().duration_since(sent_at).unwrap_or_default();
        let accepted = InvitationEvent::Accepted { invitation_id, team_id: &team_id, waited };
        self.analytics.track(Actor::user(user_id), accepted);
    }
}

/// What a whole story leaves behind, a line an event; ids and times are masked.
fn journey() -> Result<String, Refusal> {
    let (sink, recorded) = RecordingSink::pair();
    let clock = ManualClock::default();
    let service = Invitations::new(Analytics::with_clock(sink, clock.clone()), clock.clone());

    let invitation_id = service.send("ada", "t1", Role::Editor)?;
    service.remind(&invitation_id);
    recorded.wait_for_blocking(InvitationEvent::REMINDED, 1, Duration::from_secs(10));
    service.send("ada", "t1", Role::Reader)?;
    let _refused = service.send("ada", "t1", Role::Reader);
    clock.advance(Duration::from_secs(2 * 24 * 3_600));
    service.accept(&invitation_id, "s1", "bob");
    Ok(recorded.journey())
}

fn main() -> Result<(), Refusal> {
    println!("{}", journey()?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use analytics_testkit::Recorded;

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(10);

    /// Every test has a service, a recording and a clock of its own, so that tests run side by side.
    fn service() -> (Invitations, Recorded, ManualClock) {
        let (sink, recorded) = RecordingSink::pair();
        let clock = ManualClock::default();
        (Invitations::new(Analytics::with_clock(sink, clock.clone()), clock.clone()), recorded, clock)
    }

    // Unit tests: one call, one event.

    #[test]
    fn an_invitation_is_tracked_whole() {
        let (service, recorded, _) = service();
        service.send("ada", "t1", Role::Editor).unwrap();
        // Every property is compared, but for the id that the service makes up.
        recorded
            .assert_one(InvitationEvent::Sent { invitation_id: "", team_id: "t1", role: Role::Editor })
            .ignoring("invitation_id")
            .by(Actor::user("ada"))
            .in_group("team", "t1");
    }

    #[test]
    fn the_id_that_is_tracked_is_the_one_that_is_returned() {
        let (service, recorded, _) = service();
        let id = service.send("ada", "t1", Role::Reader).unwrap();
        // By kind, and the properties that matter here.
        recorded.assert_one(InvitationEvent::SENT).with("invitation_id", &id).with("role", &Role::Reader);
    }

    #[test]
    fn what_is_refused_is_tracked_as_refused_and_not_as_sent() {
        let (service, recorded, _) = service();
        for _ in 0..Invitations::SEATS {
            service.send("ada", "t1", Role::Reader).unwrap();
        }
        assert_eq!(service.send("ada", "t1", Role::Editor), Err(Refusal::TeamIsFull));
        recorded.assert_count(InvitationEvent::SENT, Invitations::SEATS);
        recorded.assert_none(InvitationEvent::SENT).with("role", &Role::Editor);
        recorded.assert_one(InvitationEvent::Refused { team_id: "t1", reason: Refusal::TeamIsFull });
    }

    #[test]
    fn an_invitation_that_nobody_sent_is_not_accepted() {
        let (service, recorded, _) = service();
        service.accept("made-up", "s1", "bob");
        assert!(recorded.is_empty(), "{recorded:?}");
    }

    #[test]
    fn the_time_until_it_is_accepted_is_told() {
        let (service, recorded, clock) = service();
        let id = service.send("ada", "t1", Role::Reader).unwrap();
        clock.advance(Duration::from_secs(90 * 60));
        service.accept(&id, "s1", "bob");
        let accepted = recorded.assert_one(InvitationEvent::ACCEPTED).with("waited_hours", 1).record();
        assert_eq!(accepted.at(), clock.now());
    }

    #[test]
    fn whoever_accepts_is_known_from_then_on() {
        let (service, recorded, _) = service();
        let id = service.send("ada", "t1", Role::Reader).unwrap();
        service.accept(&id, "s1", "bob");
        recorded.assert_identified("bob").from_anonymous(DistinctId::session("s1")).set_once("invited_by", "ada");
    }

    // What happens in another thread or task is waited for, never slept for.

    #[test]
    fn a_reminder_comes_from_the_mailer() {
        let (service, recorded, _) = service();
        service.remind("i1");
        recorded.wait_for_blocking(InvitationEvent::REMINDED, 1, PATIENCE);
        recorded.assert_one(InvitationEvent::Reminded { invitation_id: "i1" }).by(Actor::service("mailer"));
    }

    #[tokio::test]
    async fn an_asynchronous_test_waits_without_blocking() {
        let (service, recorded, _) = service();
        service.remind("i1");
        service.remind("i2");
        recorded.wait_for(InvitationEvent::REMINDED, 2, PATIENCE).await;
    }

    // An integration test: the whole story, in order.

    #[test]
    fn the_whole_story() {
        let (service, recorded, _) = service();
        let id = service.send("ada", "t1", Role::Editor).unwrap();
        service.accept(&id, "s1", "bob");
        recorded.assert_sequence([InvitationEvent::SENT, InvitationEvent::ACCEPTED]);
        assert!(recorded.ledger().is_settled());
    }

    #[test]
    fn the_whole_story_line_by_line() {
        // Such a text is what snapshot tools like insta keep for you.
        assert_eq!(
            journey().unwrap(),
            "ada invitation_sent invitation_id=<id 1> team_id=t1 role=editor in team=t1\n\
             mailer invitation_reminded invitation_id=<id 1>\n\
             ada invitation_sent invitation_id=<id 2> team_id=t1 role=reader in team=t1\n\
             ada invitation_refused team_id=t1 reason=team_is_full in team=t1\n\
             bob identify from anonymous_s1 set_once invited_by=ada\n\
             bob invitation_accepted invitation_id=<id 1> team_id=t1 waited_hours=48"
        );
    }
}
