//! Lines that are understood, and those that are not.

use proptest::prelude::*;

use super::pattern::Pattern;
use super::property::{PropertyTerm, Test};
use super::term::{Term, Wanted};
use super::{Filter, FilterError};
use crate::store::EntryStatus;

fn terms(line: &str) -> Vec<Term> {
    line.parse::<Filter>().unwrap().terms
}

fn refusal(line: &str) -> String {
    line.parse::<Filter>().map(|filter| filter.terms).unwrap_err().to_string()
}

fn whole(text: &str) -> Pattern {
    Pattern::Whole(text.to_owned())
}

fn ends(start: &str, end: &str) -> Pattern {
    Pattern::Ends { start: start.to_owned(), end: end.to_owned() }
}

#[test]
fn each_form_of_a_term_is_read() {
    let text = |text: &str| Wanted::Text(text.to_owned());
    let equal = |key: &str, pattern| Wanted::Property(PropertyTerm { key: key.to_owned(), test: Test::Equal(pattern) });
    for (line, wanted) in [
        ("Hello", text("hello")),
        (r#""two words""#, text("two words")),
        (r#""a \"b\" \\ c""#, text(r#"a "b" \ c"#)),
        ("10:30:00", text("10:30:00")),
        ("https://example.com/x", text("https://example.com/x")),
        (r#""name":x"#, text("name:x")),
        ("=4", text("=4")),
        ("-", text("-")),
        ("name:order_placed", Wanted::Name(whole("order_placed"))),
        (r#"name:"Order Placed""#, Wanted::Name(whole("Order Placed"))),
        ("name:order_*", Wanted::Name(ends("order_", ""))),
        ("actor:anonymous_018f…9a41", Wanted::Actor(ends("anonymous_018f", "9a41"))),
        ("uuid:018f…", Wanted::Uuid(ends("018f", ""))),
        ("is:refused", Wanted::Verdict(EntryStatus::Refused)),
        ("status:503", Wanted::Status(503)),
        ("items=4", equal("items", whole("4"))),
        ("request_id=018f…", equal("request_id", ends("018f", ""))),
        (r#"request_id="018f…""#, equal("request_id", whole("018f…"))),
        (r#"plan="""#, equal("plan", whole(""))),
        ("a=b=c", equal("a", whole("b=c"))),
        ("url=https://example.com", equal("url", whole("https://example.com"))),
        ("star=*", equal("star", ends("", ""))),
        ("star=a*b", equal("star", whole("a*b"))),
    ] {
        assert_eq!(terms(line), [Term { is_negated: false, wanted: wanted.clone() }], "{line}");
        if !line.starts_with('-') {
            assert_eq!(terms(&format!("-{line}")), [Term { is_negated: true, wanted }], "-{line}");
        }
    }
}

#[test]
fn a_term_that_waits_for_its_value_filters_nothing_while_it_is_typed_and_is_an_error_else() {
    for line in ["name:", "is:", "-status:", "items=", "items>", "items!=", "items~"] {
        assert_eq!(Filter::while_typing(line).unwrap().terms, [], "{line}");
        assert_eq!(refusal(line), format!("{line} has no value: write one behind it"));
    }
    for line in ["", "  "] {
        assert!(line.parse::<Filter>().unwrap().is_empty());
    }
    assert_eq!(refusal("is:foo"), Filter::while_typing("is:foo").unwrap_err().to_string());
}

#[test]
fn what_cannot_be_understood_is_told_with_what_to_write() {
    for (line, told) in [
        ("is:foo", "is: takes one of accepted, duplicate, dropped, refused, unanswered, answered; not foo"),
        ("status:abc", "status: takes a number such as 503; not abc"),
        ("status:1", "status: takes a number such as 503; not 1"),
        ("name:\"Order Placed", "a quote is not closed: add \" behind the value"),
        (
            "stauts:503",
            "there is no stauts: here. Write stauts=503 for a property, put a text with a colon in quotes, or use one of \
             name:, actor:, uuid:, is:, status:",
        ),
    ] {
        assert_eq!(refusal(line), told, "{line}");
    }
    assert_eq!("is:foo".parse::<Filter>().unwrap_err(), FilterError(refusal("is:foo")));
}

fn wants(line: &str, properties: &str) -> bool {
    let [Term { wanted: Wanted::Property(term), .. }] = &terms(line)[..] else { panic!("{line} is about a property") };
    term.wants(&serde_json::from_str(properties).unwrap())
}

#[test]
fn a_property_is_compared_as_what_it_is() {
    let properties = r#"{"items":4,"total":19.90,"plan":"pro","is_new":true,"none":null,"at":"2026-11-27T10:00:00Z",
        "address":{"city":"Oslo","zip":{"code":"0150"}},"a.b":1,"tags":["x","y"],"number":"10"}"#;
    for line in [
        "items=4",
        "items=4.0",
        "items>3",
        "items>=4",
        "items<5",
        "items<=4",
        "items!=5",
        "total=19.9",
        "total>19",
        "plan=pro",
        "plan=p*",
        "plan!=free",
        "plan~RO",
        "is_new=true",
        "none=null",
        "at>2026-11-27",
        "at<2026-11-28",
        "address.city=Oslo",
        "address.zip.code=0150",
        "a.b=1",
        "tags~x",
        "number>9",
        "number=10",
        "items~4",
    ] {
        assert!(wants(line, properties), "{line}");
    }
    for line in [
        "items=5",
        "items>4",
        "items!=4",
        "items!=4.0",
        "plan=Pro",
        "plan=pr",
        "missing=1",
        "missing!=1",
        "missing~1",
        "address.street=x",
        "tags>a",
        "is_new>0",
        "number<9",
        "plan~x",
    ] {
        assert!(!wants(line, properties), "{line}");
    }
}

proptest! {
    #[test]
    fn no_line_panics(line in ".*", marks in "[-:=!<>~\"\\\\*…a. 1]{0,24}") {
        for line in [line, marks] {
            let [whole, typed] = [line.parse::<Filter>(), Filter::while_typing(&line)];
            prop_assert!(whole.is_err() || typed.is_ok(), "what is whole can be typed");
            if let Err(error) = whole {
                prop_assert!(!error.to_string().is_empty());
            }
        }
    }

    #[test]
    fn a_quoted_value_is_itself(value in ".*") {
        let quoted = value.replace('\\', "\\\\").replace('"', "\\\"");
        let line = format!("name:\"{quoted}\"");
        prop_assert_eq!(terms(&line), [Term { is_negated: false, wanted: Wanted::Name(Pattern::Whole(value)) }]);
    }
}
