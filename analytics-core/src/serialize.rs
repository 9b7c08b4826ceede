//! What a health check answers, with the feature `serde`: a ledger, a sink's health.

use serde::ser::{Serialize, SerializeMap as _, SerializeStruct as _, Serializer};

use crate::lane::Lane;
use crate::ledger::{DropReason, LaneLedger, Ledger};
use crate::sink::Health;

/// As its [name](DropReason::as_str): `"queue_full"`.
impl Serialize for DropReason {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

/// As an object: `captured`, `delivered`, `pending`, `lost`, `dropped` by reason without those that are zero,
/// `properties_dropped` and `traffic`; where there were events in other lanes than the ordinary one, also `lanes`: what
/// of this is theirs, by the lane's name.
impl Serialize for Ledger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("Ledger", 8)?;
        object.serialize_field("captured", &self.captured())?;
        object.serialize_field("delivered", &self.delivered())?;
        object.serialize_field("pending", &self.pending())?;
        object.serialize_field("lost", &self.lost())?;
        object.serialize_field("dropped", &Dropped(&|reason| self.dropped(reason)))?;
        object.serialize_field("properties_dropped", &self.properties_dropped())?;
        object.serialize_field("traffic", &self.traffic())?;
        let others = Lane::ALL.iter().filter(|lane| **lane != Lane::Product);
        let lanes: Vec<_> =
            others.map(|lane| (lane, self.lane(*lane))).filter(|(_, ledger)| ledger.captured() > 0).collect();
        if lanes.is_empty() {
            object.skip_field("lanes")?;
        } else {
            object.serialize_field("lanes", &Lanes(&lanes))?;
        }
        object.end()
    }
}

struct Lanes<'l>(&'l [(&'l Lane, LaneLedger)]);

impl Serialize for Lanes<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_map(self.0.iter().map(|(lane, ledger)| (lane.as_str(), ledger)))
    }
}

/// As an object: `captured`, `delivered`, `pending`, `lost`, and `dropped` by reason without those that are zero.
impl Serialize for LaneLedger {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_struct("LaneLedger", 5)?;
        object.serialize_field("captured", &self.captured())?;
        object.serialize_field("delivered", &self.delivered())?;
        object.serialize_field("pending", &self.pending())?;
        object.serialize_field("lost", &self.lost())?;
        object.serialize_field("dropped", &Dropped(&|reason| self.dropped(reason)))?;
        object.end()
    }
}

struct Dropped<'l>(&'l dyn Fn(DropReason) -> u64);

impl Serialize for Dropped<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let counts = || DropReason::ALL.iter().map(|reason| (reason, (self.0)(*reason)));
        let mut object = serializer.serialize_map(None)?;
        for (reason, count) in counts().filter(|(_, count)| *count > 0) {
            object.serialize_entry(reason, &count)?;
        }
        object.end()
    }
}

/// As an object with a `status` (`ok`, `disabled`, `failing`, `unauthorized`, `closed`, `forked`); of one that fails
/// also `for_seconds`, a whole number, and the last `cause`.
impl Serialize for Health {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(None)?;
        let status = match self {
            Self::Ok => "ok",
            Self::Disabled => "disabled",
            Self::Failing { .. } => "failing",
            Self::Unauthorized => "unauthorized",
            Self::Closed => "closed",
            Self::Forked => "forked",
        };
        object.serialize_entry("status", status)?;
        if let Self::Failing { since, last } = self {
            object.serialize_entry("for_seconds", &since.elapsed().as_secs())?;
            object.serialize_entry("cause", last)?;
        }
        object.end()
    }
}

#[cfg(test)]
mod tests {
    use std::time::{Duration, Instant};

    use super::*;

    #[test]
    fn a_ledger_is_an_object_of_what_became_of_events() {
        let mut ledger = Ledger::new();
        ledger.add_delivered(3);
        ledger.add_dropped(DropReason::QueueFull, 2);
        ledger.add_dropped(DropReason::Disabled, 1);
        ledger.add_properties_dropped(4);
        ledger.add_request();
        ledger.add_sent(200, 100);
        let expected = serde_json::json!({
            "captured": 7, "delivered": 3, "pending": 1, "lost": 2,
            "dropped": {"queue_full": 2, "disabled": 1},
            "properties_dropped": 4,
            "traffic": {"requests": 1, "event_bytes": 200, "body_bytes": 100, "suspect": 0},
        });
        let ledger = ledger.with_pending(1);
        assert_eq!(serde_json::to_value(ledger).unwrap(), expected);
        let of_lane = &serde_json::to_value(ledger.with_pending_in(Lane::Ai, 2)).unwrap()["lanes"];
        let expected = serde_json::json!({"captured": 2, "delivered": 0, "pending": 2, "lost": 0, "dropped": {}});
        assert_eq!(*of_lane, serde_json::json!({"ai": expected}));
    }

    #[test]
    fn health_is_an_object_with_a_status() {
        for (health, status) in [
            (Health::Ok, "ok"),
            (Health::Disabled, "disabled"),
            (Health::Unauthorized, "unauthorized"),
            (Health::Closed, "closed"),
            (Health::Forked, "forked"),
        ] {
            assert_eq!(serde_json::to_value(health).unwrap(), serde_json::json!({"status": status}));
        }
        let since = Instant::now().checked_sub(Duration::from_secs(3_000)).unwrap();
        let failing = serde_json::to_value(Health::failing(since, "status 503")).unwrap();
        assert!(failing["for_seconds"].as_u64() >= Some(3_000), "{failing}");
        assert_eq!((&failing["status"], &failing["cause"]), (&"failing".into(), &"status 503".into()));
    }
}
