//! Other words for what is read: `POSTHOG_URL` for the host.

use super::no_such;
use super::spelling::{OURS, letters, split};
use crate::config::errors::Invalid;
use crate::config::setting::{DISABLED, DO_NOT_TRACK, ENVIRONMENT, HOST, KEY, KEY_FILE, KEY_VARIABLES};

/// Another word for a variable that is read.
#[derive(Clone, Copy, Debug)]
pub(super) struct Synonym {
    means: Meaning,
    /// The variable that is read.
    pub(super) variable: &'static str,
    /// Whether it begins with `ANALYTICS_`, and may well be about another kind of analytics.
    is_doubtful: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Meaning {
    /// The project's key.
    Key,
    /// The file that holds it.
    KeyFile,
    /// PostHog's address.
    Host,
    /// A property of every event.
    Property,
    /// That nothing is sent.
    Off,
    /// That something is sent.
    On,
}

/// What follows the beginning, by its letters.
const WORDS: &[(&str, Meaning, &str)] = &[
    ("KEY", Meaning::Key, "POSTHOG_API_KEY"),
    ("APITOKEN", Meaning::Key, "POSTHOG_API_KEY"),
    ("PUBLICKEY", Meaning::Key, "POSTHOG_API_KEY"),
    ("WRITEKEY", Meaning::Key, "POSTHOG_API_KEY"),
    ("TOKEN", Meaning::Key, KEY.variable),
    ("PROJECTAPITOKEN", Meaning::Key, KEY.variable),
    ("PROJECTKEY", Meaning::Key, "POSTHOG_PROJECT_API_KEY"),
    ("PROJECTPUBLICKEY", Meaning::Key, "POSTHOG_PROJECT_API_KEY"),
    ("APIKEYFILE", Meaning::KeyFile, KEY_FILE.variable),
    ("PROJECTTOKENFILE", Meaning::KeyFile, KEY_FILE.variable),
    ("PROJECTAPIKEYFILE", Meaning::KeyFile, KEY_FILE.variable),
    ("URL", Meaning::Host, HOST.variable),
    ("APIHOST", Meaning::Host, HOST.variable),
    ("APIURL", Meaning::Host, HOST.variable),
    ("HOSTURL", Meaning::Host, HOST.variable),
    ("HOSTNAME", Meaning::Host, HOST.variable),
    ("ENDPOINT", Meaning::Host, HOST.variable),
    ("SERVER", Meaning::Host, HOST.variable),
    ("SERVERURL", Meaning::Host, HOST.variable),
    ("BASEURL", Meaning::Host, HOST.variable),
    ("INSTANCEADDRESS", Meaning::Host, HOST.variable),
    ("DOMAIN", Meaning::Host, HOST.variable),
    ("REGION", Meaning::Host, HOST.variable),
    ("ENV", Meaning::Property, ENVIRONMENT.variable),
    ("DISABLED", Meaning::Off, DISABLED.variable),
    ("DISABLE", Meaning::Off, DISABLED.variable),
    ("OPTOUT", Meaning::Off, DISABLED.variable),
    ("OFF", Meaning::Off, DISABLED.variable),
    ("ENABLED", Meaning::On, DISABLED.variable),
    ("ENABLE", Meaning::On, DISABLED.variable),
];

/// The variable that this is another word for.
pub(super) fn find(name: &str) -> Option<Synonym> {
    let written = letters(name);
    let (prefix, rest) = split(&written);
    let (_, means, variable) = WORDS.iter().find(|(word, ..)| !prefix.is_empty() && *word == rest)?;
    // The vendor's own prefix does not speak of properties.
    let is_spoken_of = prefix == OURS || *means != Meaning::Property;
    is_spoken_of.then_some(Synonym { means: *means, variable, is_doubtful: prefix == OURS })
}

impl Synonym {
    /// Whether it was meant to be read here: what it asks for would else not happen.
    pub(super) fn is_meant<'v>(self, value: Option<&str>, other: impl Fn(&str) -> Option<&'v str>) -> bool {
        let value = value.unwrap_or_default();
        let is_off = || [DISABLED.variable, DO_NOT_TRACK].iter().any(|name| matches!(other(name), Some("true" | "1")));
        match self.means {
            Meaning::Key => {
                let is_set = KEY_VARIABLES.iter().any(|variable| other(variable) == Some(value));
                !is_set && (!self.is_doubtful || value.contains("phc_"))
            }
            Meaning::KeyFile => {
                !KEY_VARIABLES.iter().chain([&KEY_FILE.variable]).any(|variable| other(variable).is_some())
            }
            Meaning::Host => {
                let is_posthogs = value.contains("posthog.com") || matches!(value, "us" | "eu" | "US" | "EU");
                other(self.variable) != Some(value) && (!self.is_doubtful || is_posthogs)
            }
            Meaning::Property => other(self.variable) != Some(value),
            Meaning::Off => !says(value, "false 0 no off n") && !is_off(),
            Meaning::On => !says(value, "true 1 yes on y") && !is_off(),
        }
    }

    pub(super) fn mistake(self) -> Invalid {
        let variable = self.variable;
        match self.means {
            Meaning::On => no_such(format!("did you mean {variable}? It says the opposite")),
            _ => {
                no_such(format!("did you mean {variable}? If it is another program's, set it to nothing for this one"))
            }
        }
    }
}

fn says(value: &str, words: &str) -> bool {
    words.split(' ').any(|word| value.eq_ignore_ascii_case(word))
}
