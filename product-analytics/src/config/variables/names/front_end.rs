//! Variables that the build of a front-end puts into its pages.

/// What those builds ask a name to begin with, so that it reaches the pages.
const PREFIXES: [&str; 9] = [
    "NEXT_PUBLIC_",
    "NUXT_PUBLIC_",
    "EXPO_PUBLIC_",
    "VITE_",
    "REACT_APP_",
    "VUE_APP_",
    "NG_APP_",
    "GATSBY_",
    "PUBLIC_",
];

/// Whether it is PostHog's key for a page. Nothing here reads it: whoever builds a page does not say by that what a
/// server sends.
pub(super) fn is_front_end_key(name: &str) -> bool {
    let rest = PREFIXES.iter().find_map(|prefix| name.strip_prefix(prefix));
    let rest = rest.map(|rest| rest.strip_prefix("PUBLIC_").unwrap_or(rest));
    rest.is_some_and(|rest| {
        rest.starts_with("POSTHOG_") && !rest.contains("PERSONAL") && (rest.ends_with("KEY") || rest.ends_with("TOKEN"))
    })
}
