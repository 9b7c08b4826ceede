//! Lines for people.

use super::{Check, Level, milliseconds};

/// As wide as the longest name.
const NAME: usize = 7;

/// One line, and one for the fix.
pub(super) fn lines(check: &Check) -> String {
    let level = match check.level {
        Level::Ok => "ok",
        Level::Warn => "warn",
        Level::Fail => "fail",
    };
    let took = check.took.map_or_else(String::new, |took| format!("   {}", milliseconds(took)));
    let fix = check.fix.as_ref().map_or_else(String::new, |fix| format!("{:15}fix: {fix}\n", ""));
    format!("{level:4}  {:NAME$}  {}{took}\n{fix}", check.name, check.text)
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn columns_are_aligned_and_the_fix_stands_below() {
        let checks = [
            Check::ok("dns", "a → 3 addresses").took(Duration::from_micros(4_700)),
            Check::ok("tcp", "connected").took(Duration::from_micros(12)),
            Check::warn("backend", "nowhere").with_fix("choose one").failed(),
        ];
        let text: String = checks.iter().map(lines).collect();
        let expected = "\
ok    dns      a → 3 addresses   4 ms
ok    tcp      connected   <1 ms
fail  backend  nowhere
               fix: choose one
";
        assert_eq!(text, expected);
    }
}
