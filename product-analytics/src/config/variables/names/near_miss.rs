//! Names that are nearly one that is read.
//!
//! The rule: capitals or not, underscores, hyphens and dots do not count. A slip is a letter too many, too few or
//! wrong, or two that changed places. What follows `ANALYTICS_` or `POSTHOG_` may have one slip, and two if it has ten
//! letters or more; or it has none, and the beginning has one, or is `ANALYTICS_` where the name has another
//! (`POSTHOG_DO_NOT_TRACK` is as near). A name with a digit is never near, for no name that is read has one:
//! `POSTHOG_API_KEY_2` is somebody's second project.

use strsim::osa_distance;

use super::spelling::{FAMILY, OURS, letters, split};

/// The one of `known` that was most likely meant.
pub(super) fn near_miss<'k>(name: &str, known: &'k [String]) -> Option<&'k str> {
    let written = letters(name);
    if written.chars().any(char::is_numeric) {
        return None;
    }
    let distances = known.iter().filter_map(|known| Some((slips(&written, known)?, known.as_str())));
    distances.min_by_key(|(slips, _)| *slips).map(|(_, known)| known)
}

/// How many slips lie between a name, by its letters, and one that is read, if they are few enough.
fn slips(written: &str, known: &str) -> Option<usize> {
    let meant = letters(known);
    let (prefix, rest) = split(&meant);
    if let Some(written_rest) = written.strip_prefix(prefix) {
        let slips = osa_distance(written_rest, rest);
        if slips <= if rest.len() < 10 { 1 } else { 2 } {
            return Some(slips);
        }
    }
    let written_prefix = written.strip_suffix(rest)?;
    let is_near = !prefix.is_empty() && osa_distance(written_prefix, prefix) == 1;
    let is_of_the_other = written_prefix == OURS || (prefix.is_empty() && FAMILY.contains(&written_prefix));
    (is_near || is_of_the_other).then_some(1)
}
