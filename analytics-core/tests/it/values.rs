//! The types that a property can have, and how each is written.

use std::borrow::Cow;
use std::net::{IpAddr, Ipv6Addr};
use std::num::{NonZeroI64, NonZeroU8};
use std::rc::Rc;
use std::sync::Arc;
use std::time::{Duration, UNIX_EPOCH};

use analytics_core::json::to_string;
use analytics_core::property::{Microseconds, Milliseconds, Nanoseconds, Seconds};
use analytics_core::{
    DynamicEvent, EventId, Json, NotAnObject, OwnedProperty, OwnedValue, PropertyType, PropertyValue, Value, json,
};

/// The JSON and the type of a value; both ways of a value give the same.
fn written<T: PropertyValue>(value: &T) -> (String, PropertyType) {
    let borrowed = value.value().unwrap();
    let text = json::to_string(borrowed).unwrap();
    let owned = borrowed.into_owned();
    assert_eq!(json::to_string(owned.as_value()).unwrap(), text, "a copy is written as its original");
    assert_eq!(json::to_string(owned.value().unwrap()).unwrap(), text);
    (text, T::TYPE)
}

#[test]
fn every_type_has_its_json() {
    let address: IpAddr = Ipv6Addr::LOCALHOST.into();
    let table = [
        written(&"a \"b\""),
        written(&String::from("é\u{1f}")),
        written(&Cow::Borrowed("cow")),
        written(&Box::<str>::from("box")),
        written(&Arc::<str>::from("arc")),
        written(&Rc::<str>::from("rc")),
        written(&'c'),
        written(&address),
        written(&EventId::from_bytes([0; 16])),
        written(&true),
        written(&-8_i8),
        written(&u64::MAX),
        written(&NonZeroU8::MAX),
        written(&NonZeroI64::MIN),
        written(&i128::MIN),
        written(&u128::MAX),
        written(&0.1_f32),
        written(&1e300_f64),
        written(&-0.0_f64),
        written(&(UNIX_EPOCH + Duration::from_millis(1))),
        written(&Some(3)),
        written(&&&5_u8),
        written(&Box::new(6_u8)),
        written(&Arc::new(7_u8)),
        written(&vec![Some("x"), None]),
        written(&[1_u8, 2].as_slice()),
        written(&[[1_u8], [2]]),
        written(&Vec::<u8>::new().into_boxed_slice()),
        written(&Arc::<[bool]>::from([true])),
        written(&Seconds(Duration::from_millis(1_500))),
        written(&Milliseconds(Duration::from_micros(1_999))),
        written(&Microseconds(Duration::from_micros(7))),
        written(&Nanoseconds(Duration::MAX)),
        written(&Json(serde_json::json!({"a": [1, null, {"b": "c"}], "d": {}}))),
    ];
    let shown: Vec<_> = table.iter().map(|(json, kind)| format!("{json} {kind:?}")).collect();
    let expected = [
        r#""a \"b\"" String"#,
        r#""é\u001f" String"#,
        r#""cow" String"#,
        r#""box" String"#,
        r#""arc" String"#,
        r#""rc" String"#,
        r#""c" String"#,
        r#""::1" String"#,
        r#""00000000-0000-0000-0000-000000000000" String"#,
        "true Boolean",
        "-8 Integer",
        "18446744073709551615 Integer",
        "255 Integer",
        "-9223372036854775808 Integer",
        "-170141183460469231731687303715884105728 Integer",
        "340282366920938463463374607431768211455 Integer",
        "0.1 Number",
        "1e+300 Number",
        "-0.0 Number",
        r#""1970-01-01T00:00:00.001Z" Time"#,
        "3 Optional(Integer)",
        "5 Integer",
        "6 Integer",
        "7 Integer",
        r#"["x",null] List(Optional(String))"#,
        "[1,2] List(Integer)",
        "[[1],[2]] List(List(Integer))",
        "[] List(Integer)",
        "[true] List(Boolean)",
        "1.5 Number",
        "1 Integer",
        "7 Integer",
        "18446744073709551615999999999 Integer",
        r#"{"a":[1,null,{"b":"c"}],"d":{}} Any"#,
    ];
    assert_eq!(shown, expected);
}

#[test]
fn what_is_absent_has_no_value() {
    assert!(None::<u8>.value().is_none());
    assert!(Some(None::<u8>).value().is_none());
    assert!(matches!(Value::from(None::<&str>), Value::Null));
    assert!(matches!(Value::from(&None::<u8>), Value::Null));
}

#[test]
fn people_read_words_bare_and_everything_else_as_json() {
    for (value, shown) in [
        (Value::from("search"), "search"),
        (Value::from("two words"), r#""two words""#),
        (Value::from(""), r#""""#),
        (Value::from("a=b"), r#""a=b""#),
        (Value::from("2"), r#""2""#),
        (Value::from("-1e3"), r#""-1e3""#),
        (Value::from("true"), r#""true""#),
        (Value::from("null"), r#""null""#),
        (Value::from("2nd"), "2nd"),
        (Value::from("\u{85}"), "\"\u{85}\""),
        (Value::Display(&"word"), "word"),
        (Value::Display(&"two words"), r#""two words""#),
        (Value::from(true), "true"),
        (Value::Null, "null"),
        (Value::from(f64::NAN), "<NaN or an infinity, which JSON cannot carry>"),
    ] {
        assert_eq!((value.to_string(), format!("{value:?}")), (shown.to_owned(), shown.to_owned()));
    }
}

#[test]
fn an_event_made_at_run_time_has_each_key_once() {
    let event = DynamicEvent::new("e").with("a", 1).with("b", 2).with("a", 3).with("b", None::<u8>);
    assert_eq!(shown(&OwnedProperty::collect(&event)), "a=3");
}

#[test]
fn an_event_is_made_of_a_json_object_and_of_nothing_else() {
    let json =
        serde_json::json!({"n": -1, "u": 1, "f": 1.5, "s": "x y", "b": false, "z": null, "l": [1], "o": {"k": 1}});
    let event = DynamicEvent::from_json("e", &json).unwrap();
    let properties = OwnedProperty::collect(&event);
    assert_eq!(shown(&properties), r#"b=false f=1.5 l=[1] n=-1 o={"k":1} s="x y" u=1 z=null"#);
    for (property, member) in properties.iter().zip(json.as_object().unwrap().values()) {
        assert_eq!(*property.value(), OwnedValue::from_json(member));
        assert_eq!(
            serde_json::from_str::<serde_json::Value>(&json::to_string(property.value().as_value()).unwrap()).unwrap(),
            *member
        );
    }
    assert_eq!(DynamicEvent::from_json("e", &serde_json::json!([1])).unwrap_err(), NotAnObject);
    assert!(NotAnObject.to_string().contains("JSON object"));
}

#[test]
fn a_value_that_cannot_be_written_is_copied_as_the_reason_and_costs_the_same() {
    struct Failing;

    impl std::fmt::Display for Failing {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            f.write_str("half")?;
            Err(std::fmt::Error)
        }
    }

    struct Unserializable;

    impl serde::Serialize for Unserializable {
        fn serialize<S: serde::Serializer>(&self, _: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no such thing"))
        }
    }

    let nested = (0..65).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner]));
    let (deep, nan, unserializable) = (Json(&nested), Json(vec![1.0, f64::NAN]), Json(Unserializable));
    for (value, expected) in [
        (Value::Display(&Failing), "<cannot be serialized: its Display failed>"),
        (Value::from(&unserializable), "<cannot be serialized: no such thing>"),
        (Value::from(&deep), "<nested deeper than 64 levels>"),
        (Value::from(&nan), "<NaN or an infinity, which JSON cannot carry>"),
    ] {
        let copy = value.into_owned();
        assert_eq!((copy.to_string().as_str(), value.to_string().as_str()), (expected, expected));
        assert_eq!(to_string(copy.as_value()), to_string(value), "no text of ours is taken for the value");
    }
}

fn shown(properties: &[OwnedProperty]) -> String {
    let shown: Vec<_> = properties.iter().map(|property| format!("{}={}", property.key(), property.value())).collect();
    shown.join(" ")
}

#[test]
fn a_copy_follows_no_nesting_to_the_end_of_the_stack() {
    fn levels(mut value: &OwnedValue) -> usize {
        let mut levels = 0;
        while let OwnedValue::List(values) = value
            && let Some(inner) = values.first()
        {
            (value, levels) = (inner, levels + 1);
        }
        levels
    }

    let mut json = serde_json::Value::Null;
    for _ in 0..20_000 {
        json = serde_json::Value::Array(vec![json]);
    }
    let copy = OwnedValue::from_json(&json);
    assert_eq!(levels(&copy), 512);
    assert_eq!(levels(&copy.as_value().into_owned()), 512);
    // Its drop would recurse.
    while let serde_json::Value::Array(mut inner) = json {
        json = inner.pop().unwrap();
    }
}
