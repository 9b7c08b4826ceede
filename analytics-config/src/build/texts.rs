//! Whether texts that may say anything say what somebody meant.

use crate::config::AnalyticsConfig;
use crate::errors::Problems;
use crate::invalid_text::fault;
use crate::setting::{self, Naming};

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
        config.posthog.headers.pairs().iter().filter(|(_, value)| crate::invalid_text::is_placeholder(value))
    {
        let problem = format!("the header {name:?} is a placeholder, in whose place nothing has put the value");
        problems.add(setting::HEADERS_FIELD, problem, "write the value itself");
    }
}
