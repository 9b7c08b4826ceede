//! Whether texts that may say anything say what somebody meant.

use crate::config::errors::Problems;
use crate::config::setting::{self, Naming};
use crate::config::settings::AnalyticsConfig;
use crate::config::text::invalid::fault;

/// Checks; what is wrong goes to `problems`.
pub(super) fn check(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) {
    let properties = [(&setting::ENVIRONMENT, &config.environment), (&setting::SOURCE, &config.source)];
    for (setting, text) in properties {
        if let Some(invalid) = text.as_deref().and_then(fault) {
            problems.add_invalid(naming.name(setting), invalid);
        }
    }
    #[cfg(feature = "posthog")]
    for (name, _) in
        config.posthog.headers.pairs().iter().filter(|(_, value)| crate::config::text::invalid::is_placeholder(value))
    {
        let problem = format!("the header {name:?} is a placeholder, in whose place nothing has put the value");
        problems.add(setting::HEADERS_FIELD, problem, "write the value itself");
    }
}
