//! This project's client, with its default settings.

use std::error::Error;
use std::time::Duration;

use analytics_core::{Actor, Analytics, Event};
use analytics_posthog::{ApiKey, Host, PostHogConfig, PostHogSink};

use super::{Client, KEY};
use crate::message::Message;

/// How long the end may take.
const GRACE: Duration = Duration::from_secs(60);

#[derive(Event)]
#[event(name = "message_sent")]
struct MessageSent<'a> {
    session: &'a str,
    number: u32,
    length: u32,
    remark: &'a str,
}

struct Ours(Analytics);

/// Starts the client.
pub fn ours(url: &str) -> Result<Box<dyn Client>, Box<dyn Error>> {
    let config = PostHogConfig::new(ApiKey::parse(KEY)?, Host::parse(url)?);
    Ok(Box::new(Ours(Analytics::new(PostHogSink::spawn(config)?))))
}

impl Client for Ours {
    fn capture(&self, message: &Message) {
        let Message { user, session, number, length, remark } = message;
        let event = MessageSent { session, number: *number, length: *length, remark };
        self.0.track(Actor::user(user), event);
    }

    fn flush(&self) {
        let ledger = self.0.flush_blocking(GRACE);
        assert_eq!(ledger.lost(), 0, "nothing is wrong with the server");
    }

    fn shutdown(&self) {
        eprintln!("its own account: {}", self.0.shutdown_blocking(GRACE));
    }
}
