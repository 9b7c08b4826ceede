//! The variables that are read: those of each field of the settings, and a few more.

#[cfg(feature = "posthog")]
use analytics_posthog::{DeliveryConfig, PostHogOptions};

use crate::config::setting::{DO_NOT_TRACK, HOST, KEY, KEY_FILE, KEY_VARIABLES, PREFIX};
use crate::config::settings::fields::fields;
use crate::config::settings::{AnalyticsConfig, OwnSettings};

/// Fields that are read by no variable: other settings, and headers.
const NOT_READ: [&str; 3] = ["posthog", "delivery", "headers"];

/// The variable that sets a field, if one does: `ANALYTICS_QUEUE_BYTES` for `queue_bytes`.
pub(crate) fn variable_of(field: &str) -> Option<String> {
    match field {
        "key" => Some(KEY.variable.to_owned()),
        "key_file" => Some(KEY_FILE.variable.to_owned()),
        "host" => Some(HOST.variable.to_owned()),
        field if NOT_READ.contains(&field) => None,
        field => Some(format!("{PREFIX}{}", field.to_ascii_uppercase())),
    }
}

/// The fields of all settings, with the name of what they are in: none, `posthog` or `delivery`.
pub(crate) fn all_fields() -> Vec<(&'static str, &'static str)> {
    let of = |section: &'static str, fields: &'static [&'static str]| fields.iter().map(move |field| (section, *field));
    let own = of("", fields::<AnalyticsConfig>()).chain(of("posthog", fields::<OwnSettings>()));
    #[cfg(feature = "posthog")]
    let own = own.chain(of("posthog", fields::<PostHogOptions>())).chain(of("delivery", fields::<DeliveryConfig>()));
    own.collect()
}

/// Every variable that is read.
pub(crate) fn variables() -> Vec<String> {
    let of_fields = all_fields().into_iter().filter_map(|(_, field)| variable_of(field));
    let others = KEY_VARIABLES.into_iter().skip(1).chain([DO_NOT_TRACK]).map(str::to_owned);
    of_fields.chain(others).collect()
}

#[cfg(test)]
#[cfg(feature = "posthog")]
mod tests {
    use super::*;
    use crate::config::setting;

    #[test]
    fn the_settings_that_messages_speak_of_are_fields_with_these_variables() {
        let fields = all_fields();
        for setting in setting::NAMED {
            let (section, field) = setting.field.split_once('.').unwrap_or(("", setting.field));
            assert!(fields.contains(&(section, field)), "{setting:?}");
            assert_eq!(variable_of(field).as_deref(), Some(setting.variable));
        }
    }

    #[test]
    fn no_two_fields_have_one_variable() {
        let mut variables = variables();
        let all = variables.len();
        variables.sort();
        variables.dedup();
        assert!(all > 30 && variables.len() == all, "{variables:?}");
    }
}
