//! The public API of each crate that is published: as the list in `docs/public-api` has it, and by the rules.
//!
//! What it lists is what the files say, not what the compiler makes of it: a derive stands as it is written, and what a
//! macro makes as the macro's call. `INSTA_UPDATE=always` writes the lists anew.

mod exports;
mod list;
mod source;

use std::sync::LazyLock;

use self::exports::Exports;
use self::list::list;
use self::source::Crate;
use crate::workspace::{Published, root};

/// The crates that are published and are libraries: their names and their lists.
static LISTS: LazyLock<Vec<(String, String)>> = LazyLock::new(|| {
    let of = |published: Published| {
        let read = Crate::read(&published.name, &published.library()?);
        Some((published.name, list(&Exports::of(&read))))
    };
    Published::all().into_iter().filter_map(of).collect()
});

/// What is whole as it is: a caller decides on each of its parts, or has no other way to make it.
const CLOSED: [&str; 6] = [
    "analytics_core::Captured",
    "analytics_core::CopilotEvent",
    "analytics_core::Json",
    "analytics_delivery::Repeats",
    "analytics_posthog::KeyVerdict",
    "analytics_rules::display::EscapedChar",
];

/// What is taken apart by whoever reads it, and shown as part of something else.
const NEVER_LOGGED: [&str; 6] = [
    "analytics_core::Action",
    "analytics_core::CopilotEvent",
    "analytics_core::OwnedAction",
    "analytics_core::PropertyType",
    "analytics_delivery::Outcome",
    "analytics_posthog_encoder::ReadBack",
];

/// An item of a list: its own line, and those below it.
fn items(list: &str) -> Vec<(&str, Vec<&str>)> {
    let mut items: Vec<(&str, Vec<&str>)> = Vec::new();
    for line in list.lines() {
        match line.strip_prefix("    ") {
            Some(member) => items.last_mut().unwrap().1.push(member),
            None => items.push((line, Vec::new())),
        }
    }
    items
}

/// The path of an enum or a struct, if that is what an item's line says.
fn path<'l>(line: &'l str, kind: &str) -> Option<&'l str> {
    let (_, path) = line.rsplit_once(kind)?;
    path.split(|c: char| c == '<' || c.is_whitespace()).next()
}

#[test]
fn a_signature_has_no_bool_no_borrowed_vec_and_no_type_of_reqwest_but_where_it_is_asked_for() {
    let signatures: Vec<_> =
        LISTS.iter().flat_map(|(_, list)| list.lines()).filter(|line| line.contains("fn ")).collect();
    assert!(signatures.len() > 300, "{} signatures", signatures.len());
    for signature in signatures {
        assert!(![": bool,", ": bool)"].iter().any(|parameter| signature.contains(parameter)), "{signature}");
        assert!(!signature.contains("&Vec<"), "{signature}");
        let may = signature.contains("feature = \"reqwest-client\"");
        assert!(may || !signature.contains("reqwest::"), "{signature}");
    }
}

#[test]
fn what_may_grow_says_so() {
    let mut closed = Vec::new();
    for (_, list) in &*LISTS {
        for (line, members) in items(list) {
            let has_fields = || members.iter().any(|member| !member.contains("fn ") && member.contains(": "));
            let is_struct = path(line, "struct ").filter(|_| has_fields() && !members.contains(&"…"));
            if let Some(path) = path(line, "enum ").or(is_struct)
                && !line.contains("non_exhaustive")
            {
                closed.push(path.to_owned());
            }
        }
    }
    assert_eq!(closed, CLOSED);
}

#[test]
fn an_enum_that_is_logged_displays() {
    let mut silent = Vec::new();
    for (_, list) in &*LISTS {
        for (line, members) in items(list) {
            let Some(path) = path(line, "enum ") else { continue };
            let name = path.rsplit("::").next().unwrap();
            let by_macro = ["words!", "keywords!"].map(|of| format!("analytics_rules::{of} {{ {name} {{"));
            let is_shown = line.contains("thiserror::Error")
                || members.iter().any(|member| member.contains("Display for"))
                || by_macro.iter().any(|call| list.contains(call));
            if !is_shown {
                silent.push(path.to_owned());
            }
        }
    }
    assert_eq!(silent, NEVER_LOGGED);
}

#[test]
fn the_public_api_is_what_the_list_in_the_repository_says() {
    let mut settings = insta::Settings::clone_current();
    settings.set_snapshot_path(root().join("docs/public-api"));
    settings.set_prepend_module_to_snapshot(false);
    settings.set_omit_expression(true);
    settings.bind(|| {
        insta::allow_duplicates! {
            for (name, list) in &*LISTS {
                insta::assert_snapshot!(name.as_str(), list);
            }
        }
    });
}
