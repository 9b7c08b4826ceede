//! The settings of a field.

use std::fmt;
use std::time::Duration;

use analytics_core::{Event, OwnedProperty, OwnedValue, Privacy, PropertyType, Value};

use crate::shown;

struct Version(u8, u8);

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.0, self.1)
    }
}

fn masked(secret: &str) -> String {
    "*".repeat(secret.len())
}

fn domain(address: &str) -> Option<&str> {
    address.split_once('@').map(|(_, domain)| domain)
}

struct NotAValue;

#[derive(Event)]
#[event(name = "everything_happened")]
struct Everything<'a> {
    #[event(rename = "$current_url")]
    url: &'a str,
    #[event(skip)]
    _skipped: NotAValue,
    #[event(with = masked, privacy = "sensitive")]
    password: &'a str,
    #[event(with = domain, rename = "domain")]
    address: String,
    #[event(with = Vec::len)]
    attachments: Vec<NotAValue>,
    #[event(display)]
    version: Version,
    #[event(display)]
    latest: Option<Version>,
    #[event(unit = "seconds")]
    age: Duration,
    #[event(unit = "milliseconds")]
    elapsed: Option<Duration>,
    #[event(unit = "microseconds", rename = "idle_us", privacy = "public")]
    idle: Duration,
    #[event(unit = "nanoseconds")]
    parsed: Option<Duration>,
    /// Who.
    #[event(privacy = "personal")]
    user: Option<&'a str>,
}

#[derive(Event)]
enum Hidden {
    #[event(name = "all_was_hidden")]
    All {
        #[event(skip)]
        _secret: NotAValue,
    },
}

const fn everything<'a>() -> Everything<'a> {
    Everything {
        url: "/chat",
        _skipped: NotAValue,
        password: "secret",
        address: String::new(),
        attachments: Vec::new(),
        version: Version(1, 2),
        latest: None,
        age: Duration::from_millis(1500),
        elapsed: None,
        idle: Duration::from_millis(2),
        parsed: Some(Duration::from_micros(3)),
        user: None,
    }
}

#[test]
fn fields_are_written_as_their_settings_say() {
    assert_eq!(
        shown(&everything()),
        "$current_url=/chat password=****** attachments=0 version=\"1.2\" age=1.5 idle_us=2000 parsed=3000"
    );
    let event = Everything {
        address: "ada@example.com".to_owned(),
        attachments: vec![NotAValue, NotAValue],
        latest: Some(Version(2, 0)),
        elapsed: Some(Duration::from_secs(2)),
        parsed: None,
        user: Some("ada"),
        ..everything()
    };
    assert_eq!(
        shown(&event),
        "$current_url=/chat password=****** domain=example.com attachments=2 version=\"1.2\" latest=\"2.0\" age=1.5 \
         elapsed=2000 idle_us=2000 user=ada"
    );
}

#[test]
fn nothing_is_shown_if_every_field_is_skipped() {
    assert_eq!(shown(&Hidden::All { _secret: NotAValue }), "");
    assert_eq!(Hidden::ALL.keys().len(), 0);
}

#[test]
fn a_displayed_value_is_a_string_whatever_it_looks_like() {
    let shown = OwnedProperty::collect(&everything());
    let version = shown.iter().find(|property| property.key() == "version").unwrap();
    assert_eq!(version.value(), &OwnedValue::Str("1.2".into()));
    assert!(matches!(version.value().as_value(), Value::Str("1.2")));
}

#[test]
fn types_are_described_as_they_are_sent() {
    const OPTIONAL_STRING: PropertyType = PropertyType::Optional(&PropertyType::String);
    const OPTIONAL_INTEGER: PropertyType = PropertyType::Optional(&PropertyType::Integer);
    let properties = Everything::EVENT.description().properties();
    let types: Vec<_> = properties.iter().map(|property| (property.name(), property.property_type())).collect();
    assert_eq!(
        types,
        [
            ("$current_url", PropertyType::String),
            ("password", PropertyType::String),
            ("domain", OPTIONAL_STRING),
            ("attachments", PropertyType::Integer),
            ("version", PropertyType::String),
            ("latest", OPTIONAL_STRING),
            ("age", PropertyType::Number),
            ("elapsed", OPTIONAL_INTEGER),
            ("idle_us", PropertyType::Integer),
            ("parsed", OPTIONAL_INTEGER),
            ("user", OPTIONAL_STRING),
        ]
    );
}

#[test]
fn privacy_and_documentation_stand_in_the_description() {
    let privacy = |key: &str| {
        let properties = Everything::EVENT.description().properties();
        properties.iter().find(|property| property.name() == key).unwrap().privacy()
    };
    assert_eq!(privacy("$current_url"), Privacy::Unclassified);
    assert_eq!(privacy("idle_us"), Privacy::Public);
    assert_eq!(privacy("user"), Privacy::Personal);
    assert_eq!(privacy("password"), Privacy::Sensitive);
    assert_eq!(Everything::EVENT.description().properties().last().unwrap().doc(), "Who.");
}
