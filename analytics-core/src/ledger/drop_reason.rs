//! Why an event was dropped.

/// Why an event was dropped. Every loss has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum DropReason {
    /// Analytics is switched off. Intended.
    Disabled,
    /// The actor is not in the sample. Intended.
    Sampled,
    /// A filter held the event back. Intended.
    Filtered,
    /// The actor did not consent. Intended.
    Consent,
    /// The queue had no room.
    QueueFull,
    /// The sink was shut down before.
    Closed,
    /// The actor's id is blank, over 200 bytes, has control characters, or is one that the backend refuses.
    InvalidActor,
    /// The event's name is blank, over 200 bytes, has control characters, or is one that the backend makes itself for a
    /// method of its own.
    InvalidName,
    /// A person was to be changed by an id that a client claims and nobody has verified.
    UnverifiedActor,
    /// The event happened in no group of a kind that its handle requires, or by which a
    /// [`Router`](crate::Router) chooses its sink.
    MissingGroup,
    /// The event happened in a group for which a [`Router`](crate::Router) has no sink.
    UnknownGroup,
    /// The event is over a limit of bytes, number of properties or length of a key.
    TooLarge,
    /// A property is nested deeper than the limit.
    TooDeep,
    /// A property's `Serialize` or `Display` failed, or handed over as ready JSON what is none.
    Unencodable,
    /// Code of the host panicked while the event was written down, or the worker with the event in its hands.
    Panicked,
    /// The server refused the event, or is known to lose it after its 200.
    Refused,
    /// The server takes no more events: the project's quota is used up.
    OverQuota,
    /// The server does not know the key.
    Unauthorized,
    /// The event could not be delivered within the time that events are kept.
    Expired,
    /// The event could not be delivered within the number of attempts that was set.
    RetriesSpent,
    /// A shutdown's grace ended before the event was delivered.
    Abandoned,
    /// The event came from a sink's own thread, a delivery worker's or its observers', where telemetry would feed on
    /// itself. Intended.
    Feedback,
}

analytics_rules::keywords! {
    DropReason {
        Disabled = "disabled",
        Sampled = "sampled",
        Filtered = "filtered",
        Consent = "consent",
        QueueFull = "queue_full",
        Closed = "closed",
        InvalidActor = "invalid_actor",
        InvalidName = "invalid_name",
        UnverifiedActor = "unverified_actor",
        MissingGroup = "missing_group",
        UnknownGroup = "unknown_group",
        TooLarge = "too_large",
        TooDeep = "too_deep",
        Unencodable = "unencodable",
        Panicked = "panicked",
        Refused = "refused",
        OverQuota = "over_quota",
        Unauthorized = "unauthorized",
        Expired = "expired",
        RetriesSpent = "retries_spent",
        Abandoned = "abandoned",
        Feedback = "feedback",
    }
}

impl DropReason {
    /// Whether somebody wanted events to be dropped for this reason; else it is a loss.
    #[must_use]
    pub const fn is_intended(self) -> bool {
        matches!(self, Self::Disabled | Self::Sampled | Self::Filtered | Self::Consent | Self::Feedback)
    }

    pub(crate) const fn index(self) -> usize {
        self as usize
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_has_its_own_place_and_a_name_of_its_own() {
        for (index, reason) in DropReason::ALL.iter().enumerate() {
            assert_eq!(reason.index(), index);
            assert_eq!(reason.to_string().parse(), Ok(*reason));
        }
        let names: std::collections::HashSet<_> = DropReason::ALL.iter().map(|reason| reason.as_str()).collect();
        assert_eq!(names.len(), DropReason::ALL.len());
    }
}
