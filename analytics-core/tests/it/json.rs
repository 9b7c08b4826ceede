//! The JSON writer against a second implementation.

use std::collections::BTreeMap;

use analytics_core::json::{JsonError, JsonWriter, Limits, ObjectWriter, to_string, write_display, write_string};
use analytics_core::{
    DropReason, DynamicEvent, Json, Key, OwnedProperty, OwnedValue, Properties, PropertyVisitor, Refusal, Value,
};
use proptest::prelude::*;
use serde::Serialize;

fn limits(bytes: usize) -> Limits {
    Limits::DEFAULT.with_bytes(bytes)
}

fn write(value: Value<'_>, limits: &Limits) -> Result<String, JsonError> {
    let mut out = b"before".to_vec();
    JsonWriter::new(&mut out, limits).value(value)?;
    Ok(String::from_utf8(out).unwrap().strip_prefix("before").unwrap().to_owned())
}

fn tree() -> impl Strategy<Value = serde_json::Value> {
    let leaf = prop_oneof![
        Just(serde_json::Value::Null),
        any::<bool>().prop_map(Into::into),
        any::<i64>().prop_map(Into::into),
        any::<u64>().prop_map(Into::into),
        any::<f64>().prop_filter_map("finite", |number| number.is_finite().then(|| number.into())),
        any::<String>().prop_map(Into::into),
        "[ -~\u{0}-\u{1f}\"\\\\]{0,20}".prop_map(Into::into),
    ];
    leaf.prop_recursive(5, 40, 6, |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Into::into),
            prop::collection::btree_map(any::<String>(), inner, 0..6)
                .prop_map(|members| members.into_iter().collect::<serde_json::Map<_, _>>().into()),
        ]
    })
}

proptest! {
    /// Both ways of a value, through `Serialize` and through our own types, are what `serde_json` writes.
    #[test]
    fn values_are_written_as_serde_json_writes_them(json in tree()) {
        let expected = serde_json::to_string(&json).unwrap();
        let through_serialize = Json(&json);
        prop_assert_eq!(to_string(Value::from(&through_serialize)).unwrap(), &expected[..]);
        prop_assert_eq!(to_string(OwnedValue::from_json(&json).as_value()).unwrap(), expected);
    }

    #[test]
    fn strings_are_written_as_serde_json_writes_them(text: String) {
        let expected = serde_json::to_string(&text).unwrap();
        let (mut one, mut two) = (Vec::new(), Vec::new());
        write_string(&mut one, &text);
        write_display(&mut two, &text).unwrap();
        prop_assert_eq!(String::from_utf8(one).unwrap(), &expected[..]);
        prop_assert_eq!(String::from_utf8(two).unwrap(), expected);
    }

    /// Whatever the limit, the buffer is not larger, and what fits is whole.
    #[test]
    fn the_limit_of_bytes_is_exact(json in tree(), bytes in 0_usize..200) {
        let whole = serde_json::to_string(&json).unwrap();
        let value = Json(&json);
        let mut out = Vec::new();
        let result = JsonWriter::new(&mut out, &limits(bytes)).value(Value::from(&value));
        match result {
            Ok(()) => prop_assert_eq!(String::from_utf8(out).unwrap(), whole),
            Err(error) => {
                prop_assert_eq!(error, JsonError::TooLarge);
                // Escapes and a float's digits come after the check of what they are made of.
                prop_assert!(whole.len() + 2 * 6 * 20 > bytes, "{} fits into {}", whole, bytes);
            }
        }
    }
}

#[derive(Serialize)]
struct Unit;

#[derive(Serialize)]
struct Newtype(u8);

#[derive(Serialize)]
struct Pair(u8, char);

#[derive(Serialize)]
struct Struct<'a> {
    bytes: &'a [u8],
    small: f32,
    none: Option<u8>,
    #[serde(skip)]
    _skipped: u8,
}

#[derive(Serialize)]
enum Kind {
    Unit,
    Newtype(i16),
    Tuple(u32, i128),
    Struct { field: bool },
}

#[test]
fn every_form_of_serde_is_written_as_serde_json_writes_it() {
    fn same<T: Serialize>(value: T) {
        let expected = serde_json::to_string(&value).unwrap();
        assert_eq!(to_string(Value::from(&Json(value))).unwrap(), expected);
    }
    same(Unit);
    same(());
    same(Newtype(1));
    same(Pair(1, '"'));
    same((1_i8, 2_u16, 3_i32, 4_u128, 5_i64));
    same(Struct { bytes: &[0, 255], small: 0.1, none: None, _skipped: 0 });
    same([Kind::Unit, Kind::Newtype(-1), Kind::Tuple(1, -2), Kind::Struct { field: true }]);
    same(BTreeMap::from([(1_u8, "number"), (2, "keys")]));
    same(BTreeMap::from([(true, "boolean"), (false, "keys")]));
    same(BTreeMap::from([('c', "char"), ('"', "keys")]));
    same(std::net::Ipv4Addr::LOCALHOST);
    same(std::time::Duration::from_millis(1_500));
}

#[test]
fn a_chain_of_newtypes_is_too_deep_long_before_the_stack_ends() {
    #[derive(Serialize)]
    struct Node(Option<Box<Node>>);

    let chain = |length| Json((0..length).fold(Node(None), |node, _| Node(Some(Box::new(node)))));
    assert_eq!(to_string(Value::from(&chain(100))).unwrap(), "null");
    let long = chain(20_000);
    assert_eq!(to_string(Value::from(&long)), Err(JsonError::TooDeep(64)));
    // Dropping a chain takes as much stack as writing it: that is its owner's affair.
    std::mem::forget(long);
}

const NUMBER: &str = "$serde_json::private::Number";
const RAW: &str = "$serde_json::private::RawValue";

/// What `serde_json` shows a serializer for a number of arbitrary precision, or for a raw value.
struct Ready<T>(&'static str, T);

impl<T: Serialize> Serialize for Ready<T> {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        use serde::ser::SerializeStruct as _;
        let mut ready = serializer.serialize_struct(self.0, 1)?;
        ready.serialize_field(self.0, &self.1)?;
        ready.end()
    }
}

#[test]
fn json_that_is_ready_is_read_and_written_anew() {
    let ready = |token, json| to_string(Value::from(&Json([Ready(token, json)])));
    assert_eq!(ready(NUMBER, "1.50").unwrap(), "[1.50]");
    assert_eq!(ready(NUMBER, "123456789012345678901234567890").unwrap(), "[123456789012345678901234567890]");
    assert_eq!(ready(NUMBER, "1e999"), Err(JsonError::NotFinite));
    assert_eq!(ready(RAW, r#" {"a" : "\"b\""} "#).unwrap(), r#"[{"a":"\"b\""}]"#);
    assert_eq!(ready(RAW, r#""cut \ud83d""#).unwrap(), "[\"cut \u{fffd}\"]");
    for broken in ["", "}],\"evil\":[", "1,2", "nul"] {
        assert!(matches!(ready(RAW, broken), Err(JsonError::Failed(_))), "{broken}");
    }
    let deep: &str = Box::leak("[".repeat(100_000).into_boxed_str());
    assert_eq!(ready(RAW, deep), Err(JsonError::TooDeep(64)));
}

#[test]
fn ready_json_that_is_no_text_or_of_several_parts_is_none() {
    struct Parts(u8);

    impl Serialize for Parts {
        fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
            use serde::ser::SerializeStruct as _;
            let mut ready = serializer.serialize_struct(RAW, usize::from(self.0))?;
            for _ in 0..self.0 {
                ready.serialize_field(RAW, "1")?;
            }
            ready.end()
        }
    }

    assert_eq!(to_string(Value::from(&Json(Parts(1)))).unwrap(), "1");
    for error in [
        to_string(Value::from(&Json(Parts(0)))),
        to_string(Value::from(&Json(Parts(2)))),
        to_string(Value::from(&Json(Ready(RAW, 7)))),
        to_string(Value::from(&Json(Ready(RAW, ["1"])))),
        to_string(Value::from(&Json(Ready(RAW, Some("1"))))),
        to_string(Value::from(&Json(Ready(RAW, Ready(RAW, "1"))))),
    ] {
        assert!(matches!(error, Err(JsonError::Failed(_))), "{error:?}");
    }
}

#[test]
fn the_members_of_an_object_are_the_same_however_it_is_given() {
    let json = serde_json::json!({"plan": "pro", "seats": [1, 2]});
    let owned = OwnedValue::from_json(&json);
    let shown = |value: Value<'_>| {
        let members = value.members()?;
        Some(members.iter().map(|member| format!("{}={}", member.key(), member.value())).collect::<Vec<_>>())
    };
    let expected = Some(vec!["plan=pro".to_owned(), "seats=[1,2]".to_owned()]);
    assert_eq!(shown(owned.as_value()), expected);
    let quoted = Some(vec!["plan=\"pro\"".to_owned(), "seats=[1,2]".to_owned()]);
    assert_eq!(shown(Value::from(&Json(&json))), quoted, "JSON is shown as it is");
    for other in [Value::Null, Value::Bool(true), Value::Str("{}"), Value::from(&Json([1]))] {
        assert_eq!(shown(other), None);
    }
}

#[test]
fn a_key_that_is_no_string_fails() {
    for error in [
        to_string(Value::from(&Json(BTreeMap::from([(vec![1], 1)])))).unwrap_err(),
        to_string(Value::from(&Json(BTreeMap::from([(None::<u8>, 1)])))).unwrap_err(),
    ] {
        assert!(matches!(error, JsonError::Failed(_)), "{error}");
        assert_eq!(error.drop_reason(), Some(DropReason::Unencodable));
        assert!(error.to_string().contains("string"), "{error}");
    }
}

#[test]
fn a_serialize_that_fails_says_why() {
    struct Failing;

    impl Serialize for Failing {
        fn serialize<S: serde::Serializer>(&self, _serializer: S) -> Result<S::Ok, S::Error> {
            Err(serde::ser::Error::custom("no such thing"))
        }
    }

    let error = to_string(Value::from(&Json(Failing))).unwrap_err();
    assert_eq!(error.to_string(), "cannot be serialized: no such thing");
}

#[test]
fn depth_is_limited_for_lists_objects_and_serialize_alike() {
    let depth = |depth| Limits::DEFAULT.with_depth(depth);
    let json = serde_json::json!([{"a": [1]}]);
    let owned = OwnedValue::from_json(&json);
    for value in [Value::from(&Json(&json)), owned.as_value()] {
        assert!(write(value, &depth(3)).is_ok());
        assert_eq!(write(value, &depth(2)), Err(JsonError::TooDeep(2)));
    }
    let variant = Json(Kind::Tuple(1, 2));
    assert!(write(Value::from(&variant), &depth(2)).is_ok());
    assert_eq!(write(Value::from(&variant), &depth(1)), Err(JsonError::TooDeep(1)));
    assert_eq!(JsonError::TooDeep(1).drop_reason(), Some(DropReason::TooDeep));
    // Levels beside each other are no depth.
    assert!(write(Value::from(&Json(serde_json::json!([[], [], {}, {}]))), &depth(2)).is_ok());
}

#[test]
fn a_number_that_json_cannot_carry_is_an_error_wherever_it_is() {
    for number in [f64::NAN, f64::INFINITY, f64::NEG_INFINITY] {
        assert_eq!(to_string(Value::from(number)), Err(JsonError::NotFinite));
        assert_eq!(to_string(Value::from(&Json(vec![Some(number)]))), Err(JsonError::NotFinite));
        assert_eq!(to_string(Value::from(&vec![number])), Err(JsonError::NotFinite));
    }
    assert_eq!(to_string(Value::from(f32::NAN)), Err(JsonError::NotFinite));
    assert_eq!(JsonError::NotFinite.drop_reason(), None);
}

/// What is written, and what is told of what is not.
fn members(properties: &dyn Properties, limits: &Limits) -> (String, Result<Vec<String>, Refusal>) {
    let mut out = b"{".to_vec();
    let mut writer = ObjectWriter::members(&mut out, limits);
    properties.visit_properties(&mut writer);
    let result = writer.finish().map(|left_out| left_out.iter().map(ToString::to_string).collect());
    (String::from_utf8(out).unwrap(), result)
}

#[test]
fn a_property_that_cannot_be_written_leaves_no_trace() {
    let event = DynamicEvent::new("e").with("a", f64::NAN).with("b", 1).with("c", f32::INFINITY).with("d\"", 2);
    let (written, told) = members(&event, &Limits::DEFAULT);
    assert_eq!(written, r#"{"b":1,"d\"":2"#);
    let why = "NaN or an infinity, which JSON cannot carry";
    assert_eq!(told, Ok(vec![format!("\"a\": {why}"), format!("\"c\": {why}")]));
}

#[test]
fn an_object_is_opened_by_its_first_member_and_not_before() {
    let object = |properties: &dyn Properties| {
        let mut out = b"{\"x\":1".to_vec();
        let mut around = ObjectWriter::members(&mut out, &Limits::DEFAULT);
        let mut writer = around.object("set");
        properties.visit_properties(&mut writer);
        writer.finish().unwrap();
        String::from_utf8(out).unwrap()
    };
    assert_eq!(object(&()), r#"{"x":1"#);
    assert_eq!(object(&DynamicEvent::new("e").with("a", 1).with("b", 2)), r#"{"x":1,"set":{"a":1,"b":2}"#);
}

#[test]
fn an_event_is_limited_in_properties_in_keys_and_in_bytes() {
    let many = |count: usize| -> Vec<_> {
        (0..count).map(|index| OwnedProperty::new(format!("k{index}"), OwnedValue::U64(1))).collect()
    };
    let kept = Ok(Vec::new());
    let refused = |properties: &dyn Properties, limits: &Limits| members(properties, limits).1.unwrap_err().to_string();
    assert_eq!(members(&many(1_000), &Limits::DEFAULT).1, kept);
    assert_eq!(refused(&many(1_001), &Limits::DEFAULT), "too_large: more than 1000 properties");
    let key = |bytes: usize| vec![OwnedProperty::new("k".repeat(bytes), OwnedValue::U64(1))];
    assert_eq!(members(&key(200), &Limits::DEFAULT).1, kept);
    assert_eq!(refused(&key(201), &Limits::DEFAULT), "too_large: a key of 201 bytes, the limit is 200");
    let text = vec![OwnedProperty::new("k", OwnedValue::Str("x".repeat(10).into()))];
    assert_eq!(members(&text, &limits(16)).1, kept, r#"  "k":"xxxxxxxxxx"  "#);
    assert_eq!(refused(&text, &limits(15)), "too_large: the property \"k\": over the limit of 15 bytes");
}

#[test]
fn what_spoils_an_event_is_told_with_its_true_reason() {
    struct Failing;

    impl std::fmt::Display for Failing {
        fn fmt(&self, _: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            Err(std::fmt::Error)
        }
    }

    struct Shown<'a>(Value<'a>);

    impl Properties for Shown<'_> {
        fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
            visitor.value(&Key::new("k"), self.0);
        }
    }

    let deep = OwnedValue::from_json(&(0..65).fold(serde_json::json!(1), |inner, _| serde_json::json!([inner])));
    let unready = Json(Ready(RAW, "}],\"evil\":["));
    for (value, told) in [
        (deep.as_value(), "too_deep: the property \"k\": nested deeper than 64 levels"),
        (Value::Display(&Failing), "unencodable: the property \"k\": cannot be serialized: its Display failed"),
        (
            Value::from(&unready),
            "unencodable: the property \"k\": cannot be serialized: text that was called JSON is none",
        ),
    ] {
        assert_eq!(members(&Shown(value), &Limits::DEFAULT).1.unwrap_err().to_string(), told);
    }
}

#[test]
fn a_display_stops_at_the_limit_instead_of_filling_the_memory() {
    struct Endless;

    impl std::fmt::Display for Endless {
        fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
            loop {
                f.write_str("and so on, ")?;
            }
        }
    }

    let mut out = Vec::new();
    let result = JsonWriter::new(&mut out, &limits(1_000)).value(Value::Display(&Endless));
    assert_eq!(result, Err(JsonError::TooLarge));
    assert!(out.len() <= 1_000);
}
