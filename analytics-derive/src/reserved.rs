//! Keys that are not properties: they are the envelope's, or a vendor's backend writes them itself.
//!
//! The only place in this crate that knows a vendor's words.

const ACTOR: &str = "the actor says who did it, `analytics.track(actor, event)`";
const CREDENTIAL: &str = "the project's key is part of the backend's configuration";
const PERSON: &str = "use `analytics.event(actor, event).set_person(key, value)` or `analytics.identify(user_id)`";
const PERSON_PROFILE: &str = "the actor decides it: a user has a person, a session or a service has none";
const GROUPS: &str = "use `in_group(kind, id)`";
const GROUP_IDENTIFY: &str = "use `analytics.group_identify(kind, id, &traits)`";
const ALIAS: &str = "use `analytics.identify(user_id).from_anonymous(anonymous_id)`";
const LIBRARY: &str = "the backend fills it in";

const RESERVED: &[(&str, &str)] = &[
    ("distinct_id", ACTOR),
    ("$distinct_id", ACTOR),
    ("$anon_distinct_id", ALIAS),
    ("token", CREDENTIAL),
    ("$token", CREDENTIAL),
    ("api_key", CREDENTIAL),
    ("$set", PERSON),
    ("$set_once", PERSON),
    ("$unset", PERSON),
    ("$process_person_profile", PERSON_PROFILE),
    ("$groups", GROUPS),
    ("$group_0", GROUPS),
    ("$group_1", GROUPS),
    ("$group_2", GROUPS),
    ("$group_3", GROUPS),
    ("$group_4", GROUPS),
    ("$group_type", GROUP_IDENTIFY),
    ("$group_key", GROUP_IDENTIFY),
    ("$group_set", GROUP_IDENTIFY),
    ("$lib", LIBRARY),
    ("$lib_version", LIBRARY),
];

/// What to do instead of sending a property under `key`; `None` if the key is free.
pub(crate) fn instead_of(key: &str) -> Option<&'static str> {
    RESERVED.iter().find(|(reserved, _)| *reserved == key).map(|(_, instead)| *instead)
}
