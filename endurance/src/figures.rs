//! What a proof measured.

use std::fmt;

/// What a proof measured: names with values, in order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Figures(Vec<(&'static str, String)>);

impl Figures {
    /// One figure.
    pub fn of(name: &'static str, value: impl fmt::Display) -> Self {
        Self::default().and(name, value)
    }

    /// One figure more.
    #[must_use]
    pub fn and(mut self, name: &'static str, value: impl fmt::Display) -> Self {
        self.0.push((name, value.to_string()));
        self
    }
}

/// `lost 0, requests 7`.
impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, (name, value)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { ", " };
            write!(f, "{comma}{name} {value}")?;
        }
        Ok(())
    }
}

/// A text without line breaks and tabs, for what is a line or a table's cell.
#[must_use]
pub fn on_one_line(text: &str) -> String {
    text.replace(['\n', '\r', '\t'], " ")
}
