//! The project key, which has three names.

use super::environment::Environment;
use crate::config::errors::Invalid;
use crate::config::setting::KEY_VARIABLES;
use crate::config::settings::ProjectKey;

/// The project key, from the first of its variables that is set. Two that differ are a problem, told without either.
pub(super) fn read(environment: &mut Environment<'_>) -> Option<ProjectKey> {
    let mut set = KEY_VARIABLES.into_iter().filter_map(|name| Some((name, environment.text(name)?.to_owned())));
    let (first, key) = set.next()?;
    let differing: Vec<_> = set.filter(|(_, other)| *other != key).map(|(name, _)| name).collect();
    if !differing.is_empty() {
        let problem = format!("the key differs from that in {}", differing.join(" and in "));
        environment.problem(first, Invalid { problem, fix: "keep one of them".to_owned() });
    }
    Some(ProjectKey::from_variable(first, key))
}
