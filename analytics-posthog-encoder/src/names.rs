//! A list of names.

use analytics_core::json::{write_comma, write_string};
use analytics_core::{Property, PropertyVisitor};

/// `"key":["name", …]` with the names that are visited and then those of `more` that are new; nothing without a name.
pub(crate) fn write(out: &mut Vec<u8>, key: &str, more: &[String], visit: impl FnOnce(&mut dyn PropertyVisitor)) {
    let mut names = Names { out, key, is_open: false, seen: (!more.is_empty()).then(Vec::new) };
    visit(&mut names);
    for name in more {
        names.write(name);
    }
    if names.is_open {
        out.push(b']');
    }
}

struct Names<'o> {
    out: &'o mut Vec<u8>,
    key: &'o str,
    is_open: bool,
    /// The names so far, where there are two sources of them.
    seen: Option<Vec<String>>,
}

impl Names<'_> {
    fn write(&mut self, name: &str) {
        if let Some(seen) = &mut self.seen {
            if seen.iter().any(|other| other == name) {
                return;
            }
            seen.push(name.to_owned());
        }
        if !self.is_open {
            self.open();
        }
        write_comma(self.out);
        write_string(self.out, name);
    }

    fn open(&mut self) {
        write_comma(self.out);
        write_string(self.out, self.key);
        self.out.extend_from_slice(b":[");
        self.is_open = true;
    }
}

impl PropertyVisitor for Names<'_> {
    fn visit(&mut self, property: &Property<'_>) {
        self.write(property.key().name());
    }
}
