//! Variables from a file, as deployments keep them.

use std::ffi::OsString;
use std::fs;
use std::path::Path;

/// Reads a file of `NAME=value` lines. Blank lines and those that begin with `#` do not count, an `export` before a
/// name and quotes around a value are taken off; nothing is expanded.
///
/// # Errors
///
/// A sentence that names the file, and the line's number, but not what stands there: it may be a key.
pub(crate) fn read(path: &Path) -> Result<Vec<(OsString, OsString)>, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{} cannot be read: {error}", path.display()))?;
    let parse = |(index, line)| parse(line).ok_or_else(|| format!("{}:{}: not NAME=value", path.display(), index + 1));
    let lines = text.lines().map(str::trim).enumerate();
    lines.filter(|(_, line)| !line.is_empty() && !line.starts_with('#')).map(parse).collect()
}

fn parse(line: &str) -> Option<(OsString, OsString)> {
    let line = line.strip_prefix("export ").unwrap_or(line);
    let (name, value) = line.split_once('=')?;
    let (name, value) = (name.trim(), value.trim());
    let is_name = !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'_');
    let unquoted = ['"', '\''].iter().find_map(|quote| value.strip_prefix(*quote)?.strip_suffix(*quote));
    is_name.then(|| (name.into(), unquoted.unwrap_or(value).into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lines_are_read_as_shells_and_containers_write_them() {
        for (line, name, value) in [
            ("A=1", "A", "1"),
            ("export POSTHOG_HOST = eu ", "POSTHOG_HOST", "eu"),
            ("A_2=\"a b\"", "A_2", "a b"),
            ("A='a=b'", "A", "a=b"),
            ("A=", "A", ""),
            ("A=\"", "A", "\""),
        ] {
            assert_eq!(parse(line), Some((name.into(), value.into())), "{line}");
        }
        for line in ["A", "=1", "A B=1"] {
            assert_eq!(parse(line), None, "{line}");
        }
    }
}
