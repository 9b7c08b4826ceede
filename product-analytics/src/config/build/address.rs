//! Where PostHog is, and where the inspector.

use analytics_posthog::{Host, InvalidHost, Region};

use crate::config::errors::{Invalid, Problems};
use crate::config::setting::{self, Naming};
use crate::config::settings::AnalyticsConfig;
use crate::config::text::redacted::Redacted;

/// Where the inspector listens unless it is told otherwise.
const DEFAULT_INSPECTOR_URL: &str = "http://127.0.0.1:8010";

/// PostHog's address; `None` if it is a problem.
pub(super) fn posthog(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) -> Option<Host> {
    const EXAMPLE: &str = "write us, eu, or a URL as in https://eu.i.posthog.com";
    let text = set_or(config.posthog.host.as_ref(), "us");
    let host = parse(text, config).map_err(|error| invalid(&error, text, naming, EXAMPLE));
    host.map_err(|invalid| problems.add_invalid(naming.name(&setting::HOST), invalid)).ok()
}

/// The inspector's address, which is not PostHog's: it would answer 200 to events under the inspector's stand-in for a
/// key, and keep none.
pub(super) fn inspector(config: &AnalyticsConfig, naming: Naming, problems: &mut Problems) -> Option<Host> {
    const EXAMPLE: &str = "write a URL as in http://127.0.0.1:8010";
    let text = set_or(config.inspector_url.as_ref(), DEFAULT_INSPECTOR_URL);
    let is_posthogs = || Invalid {
        problem: "this is PostHog itself and no inspector".to_owned(),
        fix: format!("{EXAMPLE}; PostHog's own address belongs in {}", naming.name(&setting::HOST)),
    };
    let host = match parse(text, config) {
        Ok(host) if matches!(host.region(), Region::Us | Region::Eu) => Err(is_posthogs()),
        Ok(host) => Ok(host),
        Err(InvalidHost::CloudPath(_) | InvalidHost::CloudPort(_) | InvalidHost::NoRegion) => Err(is_posthogs()),
        Err(error) => Err(invalid(&error, text, naming, EXAMPLE)),
    };
    host.map_err(|invalid| problems.add_invalid(naming.name(&setting::INSPECTOR_URL), invalid)).ok()
}

fn set_or<'t>(text: Option<&'t String>, default: &'t str) -> &'t str {
    text.map(|text| text.trim()).filter(|text| !text.is_empty()).unwrap_or(default)
}

fn parse(text: &str, config: &AnalyticsConfig) -> Result<Host, InvalidHost> {
    if config.posthog.allow_http { Host::parse_allowing_http(text) } else { Host::parse(text) }
}

/// What is wrong with an address, in this configuration's words and with an example of this setting's.
fn invalid(error: &InvalidHost, text: &str, naming: Naming, example: &str) -> Invalid {
    match error {
        InvalidHost::NotAUrl(_) => {
            Invalid { problem: format!("{} is not a URL", Redacted(text)), fix: example.to_owned() }
        }
        InvalidHost::Extra | InvalidHost::Key => Invalid { fix: example.to_owned(), ..Invalid::from_error(error) },
        InvalidHost::ClearText(_) => Invalid {
            problem: "http would carry events in clear text over the network".to_owned(),
            fix: format!("write https://, or set {}", naming.assign(&setting::ALLOW_HTTP, "true")),
        },
        error => Invalid::from_error(error),
    }
}
