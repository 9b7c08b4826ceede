//! Places for a value, into which nothing has put it.

/// What begins a reference within a text, whatever follows: of shells, templates and pipelines.
const REFERENCES: [&str; 7] = ["${", "$(", "$[", "{{", "}}", "<%", "#{"];

/// What begins the address of a value that a secret manager's own tool, or a program, would have looked up.
const ADDRESSES: [&str; 11] = [
    "op://",
    "vault:",
    "arn:aws:",
    "ref+",
    "secretref:",
    "ssm:",
    "awssm:",
    "@microsoft.keyvault(",
    "process.env.",
    "import.meta.env.",
    "os.environ",
];

/// What surrounds a name that stands for its value.
const SURROUNDINGS: [(&str, &str); 7] =
    [("<", ">"), ("%", "%"), ("{", "}"), ("__", "__"), ("@", "@"), ("((", "))"), ("!", "!")];

/// Whether the text is, or has in it, a place for a value.
pub(crate) fn is_placeholder(text: &str) -> bool {
    let lower = text.to_ascii_lowercase();
    REFERENCES.iter().any(|reference| text.contains(reference))
        || ADDRESSES.iter().any(|address| lower.starts_with(address))
        || is_shell_variable(text)
        || SURROUNDINGS.iter().any(|(open, close)| is_name_between(text, open, close))
}

/// `$NAME`, whole.
fn is_shell_variable(text: &str) -> bool {
    text.strip_prefix('$').is_some_and(is_name)
}

fn is_name_between(text: &str, open: &str, close: &str) -> bool {
    let inner = text.strip_prefix(open).and_then(|rest| rest.strip_suffix(close));
    inner.is_some_and(|inner| is_name(inner.trim()))
}

/// Words as people name things, spaces among them.
fn is_name(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_alphabetic() || first == '_' || first == '.');
    begins && text.chars().all(|character| character.is_alphanumeric() || "_-. '’".contains(character))
}
