//! Lines that set a variable, where only its value was asked for.

use super::TokenKind;

/// What stands before the name in shells, container files and command lines.
const KEYWORDS: [&str; 7] = ["export ", "set ", "setx ", "env ", "$env:", "--env ", "-e "];

/// The name in `NAME=value`, `export NAME=value` or `NAME: value`.
pub(crate) fn assigned_name(text: &str) -> Option<&str> {
    let after = |keyword: &&str| {
        let head = text.get(..keyword.len())?;
        head.eq_ignore_ascii_case(keyword).then(|| text.get(keyword.len()..))?
    };
    let line = KEYWORDS.iter().find_map(after).unwrap_or(text).trim_start();
    let sign = line.find(['=', ':'])?;
    let (name, rest) = line.split_at_checked(sign)?;
    let value = rest.trim_start_matches(['=', ':']);
    // `https://…` and `localhost:80` are no lines, and the padding of base64 sets nothing.
    let sets =
        rest.starts_with('=') || value.starts_with([' ', '"', '\'']) || TokenKind::all_in(value).next().is_some();
    (is_name(name.trim_end()) && sets && !value.trim().is_empty()).then(|| name.trim_end())
}

fn is_name(text: &str) -> bool {
    let begins = text.starts_with(|first: char| first.is_ascii_alphabetic() || first == '_');
    begins && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'-' | b'.'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_known_by_the_name_before_its_sign() {
        let lines = ["KEY=x", "export KEY=x", "KEY: x", "KEY:phc_x", "set KEY=x", "-e KEY=x", "KEY = x", "KEY==x"];
        for text in lines.into_iter().chain(["$env:KEY = \"x\"", "KEY:\"x\""]) {
            assert_eq!(assigned_name(text), Some("KEY"), "{text}");
        }
        let others =
            ["", "KEY", "=x", "KEY=", "KEY: ", "cGhjX3g=", "cGhjX3g==", "https://x", "localhost:80", "a b=c", "1=2"];
        for text in others {
            assert_eq!(assigned_name(text), None, "{text}");
        }
    }
}
