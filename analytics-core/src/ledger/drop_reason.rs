//! Why an event was dropped.

use std::fmt;
use std::str::FromStr;

use analytics_rules::UnknownWord;

macro_rules! reasons {
    ($($(#[doc = $doc:literal])* $name:ident = $text:literal,)*) => {
        /// Why an event was dropped. Every loss has a name.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        #[non_exhaustive]
        pub enum DropReason {
            $($(#[doc = $doc])* $name,)*
        }

        impl DropReason {
            /// All reasons.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// The reason in `snake_case`, for metrics and logs.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$name => $text,)*
                }
            }
        }

        impl FromStr for DropReason {
            type Err = UnknownWord;

            fn from_str(text: &str) -> Result<Self, UnknownWord> {
                match text {
                    $($text => Ok(Self::$name),)*
                    _ => Err(UnknownWord::new(text, &[$($text),*])),
                }
            }
        }
    };
}

reasons! {
    /// Analytics is switched off. Intended.
    Disabled = "disabled",
    /// The actor is not in the sample. Intended.
    Sampled = "sampled",
    /// A filter held the event back. Intended.
    Filtered = "filtered",
    /// The actor did not consent. Intended.
    Consent = "consent",
    /// The queue had no room.
    QueueFull = "queue_full",
    /// The sink was shut down before.
    Closed = "closed",
    /// The actor's id is blank, over 200 bytes, has control characters, or is one that the backend refuses.
    InvalidActor = "invalid_actor",
    /// The event's name is blank, over 200 bytes, has control characters, or is one that the backend makes itself for a
    /// method of its own.
    InvalidName = "invalid_name",
    /// The event is over a limit of bytes, number of properties or length of a key.
    TooLarge = "too_large",
    /// A property is nested deeper than the limit.
    TooDeep = "too_deep",
    /// A property's `Serialize` or `Display` failed, or handed over as ready JSON what is none.
    Unencodable = "unencodable",
    /// Code of the host panicked while the event was written down, or the worker with the event in its hands.
    Panicked = "panicked",
    /// The server refused the event, or is known to lose it after its 200.
    Refused = "refused",
    /// The server takes no more events: the project's quota is used up.
    OverQuota = "over_quota",
    /// The server does not know the key.
    Unauthorized = "unauthorized",
    /// The event could not be delivered within the time that events are kept.
    Expired = "expired",
    /// The event could not be delivered within the number of attempts that was set.
    RetriesSpent = "retries_spent",
    /// A shutdown's grace ended before the event was delivered.
    Abandoned = "abandoned",
    /// The event came from a sink's own thread, a delivery worker's or its observers', where telemetry would feed on
    /// itself. Intended.
    Feedback = "feedback",
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

impl fmt::Display for DropReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
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
