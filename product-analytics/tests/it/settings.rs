//! The table of the settings: it is made from the types that have them, and `UPDATE_SETTINGS=1` writes it anew.

use std::fmt::{Display, Write as _};
use std::fs;
use std::path::Path;
use std::str::FromStr;

use product_analytics::config::{
    Backend, Compression, Order, Overflow, PersonProfiles, Protocol, SuspectAnswers, VerifyKey,
};
use product_analytics::{AnalyticsConfig, UnknownWord};
use serde::Serialize;
use serde_json::{Value, to_value};

/// The types that have settings: the section of a file that each stands in, its name, and its source.
const TYPES: [(&str, &str, &str); 4] = [
    ("", "AnalyticsConfig", "product-analytics/src/config/settings/mod.rs"),
    ("posthog", "PostHogSettings", "product-analytics/src/config/settings/posthog.rs"),
    ("posthog", "PostHogOptions", "analytics-posthog/src/config.rs"),
    ("delivery", "DeliveryConfig", "analytics-delivery/src/config.rs"),
];

/// Where the types of settings are that choose between words.
const CHOICES: [&str; 5] = [
    "product-analytics/src/config/settings/posthog.rs",
    "analytics-posthog/src/config.rs",
    "analytics-posthog-encoder/src/config.rs",
    "analytics-posthog-encoder/src/protocol.rs",
    "analytics-delivery/src/order.rs",
];

fn source(file: &str) -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(file)).unwrap()
}

/// One member of a type: what its documentation says, its attributes, and the line that declares it.
struct Member {
    doc: String,
    attributes: String,
    line: String,
}

/// The members of the type that begins with `head`, if the source has it.
fn members(source: &str, head: &str) -> Option<Vec<Member>> {
    let (_, body) = source.split_once(&format!("{head} {{\n"))?;
    let (body, _) = body.split_once("\n}\n")?;
    let mut members = Vec::new();
    let (mut doc, mut attributes) = (String::new(), String::new());
    for line in body.lines().map(str::trim) {
        if let Some(text) = line.strip_prefix("///") {
            doc.push_str(text);
        } else if line.starts_with('#') {
            attributes.push_str(line);
        } else {
            members.push(Member {
                doc: std::mem::take(&mut doc),
                attributes: std::mem::take(&mut attributes),
                line: line.to_owned(),
            });
        }
    }
    Some(members)
}

/// A documentation's text without links, and without the default, which has a column of its own.
fn meaning(doc: &str) -> String {
    let mut text = String::new();
    let mut rest = doc;
    while let Some((before, link)) = rest.split_once("[`") {
        let (name, after) = link.split_once("`]").unwrap();
        write!(text, "{before}`{name}`").unwrap();
        rest = match after.strip_prefix('(') {
            Some(target) => target.split_once(')').unwrap().1,
            None => after,
        };
    }
    text.push_str(rest);
    let sentences = text.trim().split_inclusive(". ").filter(|sentence| !sentence.starts_with("Default "));
    sentences.collect::<String>().trim().replace("; default none", "")
}

fn snake_case(name: &str) -> String {
    let mut text = String::new();
    for (index, letter) in name.char_indices() {
        if letter.is_uppercase() && index > 0 {
            text.push('_');
        }
        text.extend(letter.to_lowercase());
    }
    text
}

/// The words of the type of a setting that chooses between some.
fn words(ty: &str) -> Option<String> {
    let files = CHOICES.iter().copied().chain(TYPES.map(|(_, _, file)| file));
    let variants = files.map(source).find_map(|source| members(&source, &format!("pub enum {ty}")))?;
    let words: Vec<_> =
        variants.iter().map(|variant| format!("`{}`", snake_case(variant.line.trim_end_matches(',')))).collect();
    Some(words.join(", "))
}

fn variable(field: &str) -> String {
    match field {
        "key" => "`POSTHOG_PROJECT_TOKEN`, else `POSTHOG_API_KEY`, else `POSTHOG_PROJECT_API_KEY`".to_owned(),
        "key_file" => "`POSTHOG_PROJECT_TOKEN_FILE`".to_owned(),
        "host" => "`POSTHOG_HOST`".to_owned(),
        "headers" => "–".to_owned(),
        "disabled" => "`ANALYTICS_DISABLED`, `DO_NOT_TRACK`".to_owned(),
        field => format!("`ANALYTICS_{}`", field.to_uppercase()),
    }
}

/// What is written for a default; where nothing is, what the documentation says of it.
fn default(value: Option<&Value>, doc: &str) -> String {
    match value {
        None | Some(Value::Null) => {
            let said = doc.split_once("Default ").map_or("none.", |(_, said)| said);
            said.split_once(". ").map_or(said, |(said, _)| said).trim_end_matches('.').to_owned()
        }
        Some(Value::String(text)) => format!("`{text}`"),
        Some(other) => format!("`{other}`"),
    }
}

fn table() -> String {
    let defaults = to_value(AnalyticsConfig::default()).unwrap();
    let mut table = "| variable | field | default | meaning |\n|---|---|---|---|\n".to_owned();
    for (section, ty, file) in TYPES {
        let members = members(&source(file), &format!("pub struct {ty}")).unwrap();
        for Member { doc, attributes, line } in members {
            let Some((name, ty)) =
                line.trim_end_matches(',').strip_prefix("pub ").and_then(|line| line.split_once(": "))
            else {
                continue;
            };
            // What has fields of its own.
            if ["posthog", "delivery", "options"].contains(&name) {
                continue;
            }
            let renamed = attributes.split_once("rename = \"").and_then(|(_, rest)| Some(rest.split_once('"')?.0));
            let field = renamed.unwrap_or(name);
            let (path, defaults) = if section.is_empty() {
                (field.to_owned(), &defaults)
            } else {
                (format!("{section}.{field}"), defaults.get(section).unwrap())
            };
            let words = words(ty).map(|words| format!(" One of {words}.")).unwrap_or_default();
            assert!(!doc.is_empty(), "{path} has no documentation");
            let (variable, default) = (variable(field), default(defaults.get(field), &doc));
            writeln!(table, "| {variable} | `{path}` | {default} | {}{words} |", meaning(&doc)).unwrap();
        }
    }
    table
}

#[test]
fn the_table_of_the_settings_is_what_their_types_say() {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/settings.md");
    let table = table();
    if std::env::var_os("UPDATE_SETTINGS").is_some() {
        fs::write(&file, &table).unwrap();
    }
    assert!(fs::read_to_string(&file).unwrap_or_default() == table, "UPDATE_SETTINGS=1 writes {} anew", file.display());
    assert!(table.lines().count() > 30);
}

#[test]
fn every_variable_of_the_table_is_read() {
    for variable in table().split('`').filter(|word| word.starts_with("ANALYTICS_") || word.starts_with("POSTHOG_")) {
        // No setting takes this: one that is read says so, and one that is not is only told of.
        let read = AnalyticsConfig::from_vars([(variable, "\"quoted\"")]);
        let errors = read.expect_err(variable).to_string();
        assert!(errors.contains(&format!("  {variable}: ")), "{errors}");
    }
}

/// The words between backticks.
fn words_of(text: &str) -> impl Iterator<Item = &str> {
    text.split('`').skip(1).step_by(2)
}

#[test]
fn the_readme_names_variables_that_there_are_and_their_defaults() {
    let (table, readme) = (table(), source("README.md"));
    let is_setting = |word: &&str| word.starts_with("ANALYTICS_") || word.starts_with("POSTHOG_");
    let mut defaults = 0;
    for row in readme.lines().filter(|row| row.starts_with("| `ANALYTICS_") || row.starts_with("| `POSTHOG_")) {
        let named = words_of(row).filter(is_setting);
        let rows: Vec<_> =
            named.map(|name| table.lines().find(|row| words_of(row).any(|word| word == name)).expect(name)).collect();
        // `x` (default), or: default `x`
        let before = row.split_once("` (default").map(|(before, _)| before.rsplit_once('`').unwrap().1);
        let behind = row.split_once("default `").map(|(_, behind)| behind.split_once('`').unwrap().0);
        for default in before.into_iter().chain(behind) {
            let cell = rows.first().unwrap().split(" | ").nth(2).unwrap();
            // The host's default has a short name.
            assert_eq!(cell.replace("https://us.i.posthog.com", "us"), format!("`{default}`"), "{row}");
            defaults += 1;
        }
    }
    assert_eq!(defaults, 6);
}

/// The words that a type is read from, each of which displays and serializes as it is.
fn keywords<T: FromStr<Err = UnknownWord> + Display + Serialize>() -> Vec<&'static str> {
    let Err(error) = "".parse::<T>() else { panic!("a setting of no word") };
    for word in error.words() {
        let Ok(choice) = word.parse::<T>() else { panic!("{word} is none of {error}") };
        assert_eq!(choice.to_string(), *word);
        assert_eq!(to_value(&choice).unwrap(), Value::from(*word));
    }
    error.words().to_vec()
}

#[test]
fn a_setting_of_words_is_read_and_shown_in_code_by_the_words_of_files_and_variables() {
    let all = [
        keywords::<Compression>(),
        keywords::<Order>(),
        keywords::<Overflow>(),
        keywords::<PersonProfiles>(),
        keywords::<Protocol>(),
        keywords::<SuspectAnswers>(),
        keywords::<VerifyKey>(),
    ];
    assert_eq!(all.map(|words| words.len()), [3, 2, 2, 2, 2, 2, 3]);
    assert_eq!("posthog".parse(), Ok(Backend::PostHog));
    let error = "PostHog".parse::<Backend>().unwrap_err();
    assert_eq!(error.to_string(), r#""PostHog" is none of auto, posthog, noop, log, inspector"#);
}
