//! Keys that are not properties: they are the envelope's, or the backend writes them itself.

const ACTOR: &str = "the actor says who did it, `analytics.track(actor, event)`";
const CREDENTIAL: &str = "the project's key is part of the backend's configuration";
const PERSON: &str = "use `analytics.event(actor, event).set_person(key, value)` or `analytics.identify(user_id)`";
const PERSON_PROFILE: &str = "the actor decides it: a user has a person, a session or a service has none";
const GROUPS: &str = "use `in_group(kind, id)`";
const GROUP_IDENTIFY: &str = "use `analytics.group_identify(kind, id).set(&traits).track()`";
const ALIAS: &str = "use `analytics.identify(user_id).from_anonymous(anonymous_id)`";
const LIBRARY: &str = "the backend fills it in";

const RESERVED: [(&str, &str); 21] = [
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

/// The key under which `$create_alias` names the other id. On every other event it is an ordinary property.
pub const ALIAS_KEY: &str = "alias";

/// What to do instead of sending a property under `key`; `None` if the key is free.
#[must_use]
pub fn instead_of_key(key: &str) -> Option<&'static str> {
    // Few keys begin with a letter that any of the list begins with.
    let may_be_reserved = matches!(key.as_bytes().first(), Some(b'$' | b'a' | b'd' | b't'));
    if !may_be_reserved {
        return None;
    }
    RESERVED.iter().find(|(reserved, _)| *reserved == key).map(|(_, instead)| *instead)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reserved_key_is_found_and_no_other() {
        for (key, instead) in RESERVED {
            assert_eq!(instead_of_key(key), Some(instead), "{key}");
        }
        for free in ["", "alias", "tool_name", "$current_url", "distinct", "TOKEN"] {
            assert_eq!(instead_of_key(free), None, "{free}");
        }
    }
}
