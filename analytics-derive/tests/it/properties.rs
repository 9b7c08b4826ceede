//! Sets of properties that are no event.

use analytics_core::{Privacy, Properties};

use crate::shown;

#[derive(Properties)]
struct Traits<'a> {
    /// How they want to be called.
    #[event(privacy = "personal", rename = "$name")]
    name: &'a str,
    plan: Option<&'a str>,
    #[event(skip)]
    _password: &'a str,
}

#[derive(Properties)]
struct Nothing;

#[test]
fn traits_are_shown_like_an_events_properties() {
    assert_eq!(shown(&Traits { name: "Ada", plan: Some("pro"), _password: "" }), "$name=Ada plan=pro");
    assert_eq!(shown(&Nothing), "");
}

#[test]
fn traits_are_described() {
    let [name, plan] = Traits::PROPERTIES else { panic!("two properties") };
    assert_eq!((name.name(), name.privacy(), name.doc()), ("$name", Privacy::Personal, "How they want to be called."));
    assert_eq!(plan.name(), "plan");
    assert_eq!(Nothing::PROPERTIES, []);
}
