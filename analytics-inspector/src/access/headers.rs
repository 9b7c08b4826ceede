//! One value of a header, read with care.

use axum::http::{HeaderMap, HeaderName};

/// A header as text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Field<'a> {
    Absent,
    Text(&'a str),
    /// It is there more than once, or is no text: nobody can say what it means.
    Unclear,
}

impl<'a> Field<'a> {
    pub(super) fn of(headers: &'a HeaderMap, name: &HeaderName) -> Self {
        let mut values = headers.get_all(name).iter();
        match (values.next().map(|value| value.to_str()), values.next()) {
            (None, _) => Self::Absent,
            (Some(Ok(text)), None) => Self::Text(text),
            _ => Self::Unclear,
        }
    }

    pub(super) fn text(self) -> Option<&'a str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Absent | Self::Unclear => None,
        }
    }
}
