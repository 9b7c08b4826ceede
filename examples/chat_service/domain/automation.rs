//! What starts an agent without anybody asking.

use serde::Deserialize;

/// What sets off an agent.
#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Trigger {
    /// A request to a URL.
    Webhook,
    /// A mail to an address.
    Email,
    /// A push to a repository.
    Github,
}

impl Trigger {
    /// The word for it, in requests and in events.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Webhook => "webhook",
            Self::Email => "email",
            Self::Github => "github",
        }
    }

    /// Where to send what sets it off.
    pub(crate) fn address(self, trigger_id: &str) -> String {
        match self {
            Self::Webhook => format!("/hooks/{trigger_id}"),
            Self::Email => format!("{trigger_id}@triggers.example"),
            Self::Github => format!("/hooks/github/{trigger_id}"),
        }
    }
}
