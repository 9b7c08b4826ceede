//! Variables that look as if they were read, and are not.

use std::fmt;

use analytics_rules::display::OneLine;

use crate::config::text::redacted::is_secret;

/// The most names that are told one by one.
const MOST_NAMES: usize = 8;

/// The longest name that is told whole, in bytes.
const LONGEST_NAME: usize = 60;

/// Variables that begin with `ANALYTICS_` and that nothing reads: another program's, most likely, for one that is
/// nearly read is an error.
///
/// It displays as `2 variables begin with ANALYTICS_ and are not read: ANALYTICS_BUCKET, ANALYTICS_TABLE`. It never
/// holds a value.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct UnreadVariables {
    names: Vec<String>,
    front_end_key: Option<String>,
}

impl UnreadVariables {
    /// Whether there are none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.names.is_empty()
    }

    /// Their names, sorted, as they may be shown: escaped, cut where they are long.
    #[must_use]
    pub fn names(&self) -> &[String] {
        &self.names
    }

    /// A variable that gives PostHog's key to the build of a front-end, and gives nothing to a server.
    #[must_use]
    pub fn front_end_key(&self) -> Option<&str> {
        self.front_end_key.as_deref()
    }

    pub(crate) fn add(&mut self, name: &str) {
        self.names.push(shown_name(name));
    }

    pub(crate) fn add_front_end_key(&mut self, name: &str) {
        self.front_end_key.get_or_insert_with(|| shown_name(name));
    }
}

/// A variable's name as a message may show it: on one line, cut where it is long, and not at all where a value got into
/// it.
pub(crate) fn shown_name(name: &str) -> String {
    if is_secret(name) {
        return "(a name that may hold a key)".to_owned();
    }
    OneLine::new(&name).at_most(LONGEST_NAME).to_string()
}

impl fmt::Display for UnreadVariables {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (told, rest) = self.names.split_at(self.names.len().min(MOST_NAMES));
        let (variables, begin, are) =
            if self.names.len() == 1 { ("variable", "begins", "is") } else { ("variables", "begin", "are") };
        write!(f, "{} {variables} {begin} with ANALYTICS_ and {are} not read: {}", self.names.len(), told.join(", "))?;
        if rest.is_empty() { Ok(()) } else { write!(f, " and {} more", rest.len()) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_on_one_line_and_cut_and_so_are_many_of_them() {
        let mut unread = UnreadVariables::default();
        assert!(unread.is_empty());
        unread.add("ANALYTICS_A\u{1b}[2J\n\u{202e}");
        assert_eq!(
            unread.to_string(),
            r"1 variable begins with ANALYTICS_ and is not read: ANALYTICS_A\u{1b}[2J\n\u{202e}"
        );
        unread.add(&format!("ANALYTICS_{}", "B".repeat(100)));
        unread.add("ANALYTICS_phc_abcdef");
        (0..7).for_each(|number| unread.add(&format!("ANALYTICS_{number}")));
        let line = unread.to_string();
        assert!(line.starts_with("10 variables begin with ANALYTICS_ and are not read: "), "{line}");
        assert!(line.contains(&format!("ANALYTICS_{}…, (a name that may hold a key), ", "B".repeat(50))), "{line}");
        assert!(line.ends_with("ANALYTICS_4 and 2 more"), "{line}");
    }
}
