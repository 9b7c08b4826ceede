//! Events that mean something to PostHog beside that they happened.

const IDENTIFY: &str = "call `analytics.identify(user_id)`, with `.set(&traits)` for what is known about the user";
const ALIAS: &str = "call `analytics.alias(anonymous_id).to_user(user_id).track()`";

/// Events that a backend makes for a method of its own. Made by hand they are lost after a 200 where a field is missing
/// or the actor has no person.
const SPECIAL: [(&str, &str); 6] = [
    ("$create_alias", ALIAS),
    ("$groupidentify", "call `analytics.group_identify(kind, id).set(&traits).track()`"),
    ("$identify", IDENTIFY),
    ("$merge_dangerously", "merging identified persons cannot be undone, and is PostHog's own interface's to do"),
    ("$performance_event", "PostHog drops every event of this name"),
    ("$set", IDENTIFY),
];

/// What to do instead of tracking an event called `name`; `None` if the name is free.
#[must_use]
pub fn instead_of_event(name: &str) -> Option<&'static str> {
    SPECIAL.iter().find(|(special, _)| *special == name).map(|(_, instead)| *instead)
}

/// Whether PostHog takes an event called `name` and ignores what it says about its person.
#[must_use]
pub fn ignores_person_updates(name: &str) -> bool {
    name.starts_with("$ai_") || matches!(name, "$exception" | "$$heatmap")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_special_event_says_what_to_do_instead() {
        assert!(instead_of_event("$identify").is_some_and(|instead| instead.contains("identify(user_id)")));
        assert!(instead_of_event("$groupidentify").is_some_and(|instead| instead.contains("group_identify")));
        for free in ["identify", "$pageview", "$exception", "$ai_generation", "$feature_flag_called", ""] {
            assert_eq!(instead_of_event(free), None, "{free}");
        }
    }

    #[test]
    fn person_updates_are_ignored_on_exceptions_and_model_calls() {
        assert!(ignores_person_updates("$exception") && ignores_person_updates("$ai_generation"));
        assert!(!ignores_person_updates("$pageview") && !ignores_person_updates("order_placed"));
    }
}
