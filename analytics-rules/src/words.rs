//! Enums of which each variant is a word, in settings, log lines and metrics.

use std::error::Error;
use std::fmt;

use crate::display::OneLine;

/// What of an unknown text is shown, in bytes.
const MAX_SHOWN_BYTES: usize = 60;

/// That a text is none of the words that it should be one of.
///
/// Displays as `"newest" is none of drop_newest, drop_oldest`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnknownWord {
    text: Box<str>,
    words: &'static [&'static str],
}

impl UnknownWord {
    /// That `text` is none of `words`.
    #[must_use]
    pub fn new(text: &str, words: &'static [&'static str]) -> Self {
        Self { text: text.into(), words }
    }

    /// The words that there are, spelled exactly.
    #[must_use]
    pub const fn words(&self) -> &'static [&'static str] {
        self.words
    }
}

impl fmt::Display for UnknownWord {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let text = OneLine::new(&self.text).quoted().at_most(MAX_SHOWN_BYTES);
        write!(f, "{text} is none of {}", self.words.join(", "))
    }
}

impl Error for UnknownWord {}

/// Gives an enum the word of each variant: `as_str`, and `Display` as that; and `ALL`, its variants as they are listed.
#[macro_export]
macro_rules! words {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The word for it, in `snake_case`: in settings, log lines and metrics.
            #[must_use]
            pub const fn as_str(self) -> &'static str {
                match self {
                    $(Self::$variant => $word,)+
                }
            }
        }

        impl ::std::fmt::Display for $name {
            fn fmt(&self, f: &mut ::std::fmt::Formatter<'_>) -> ::std::fmt::Result {
                f.pad(self.as_str())
            }
        }
    };
}

/// As [`words`](crate::words), and `FromStr`, which takes a word that is spelled exactly; else an [`UnknownWord`].
#[macro_export]
macro_rules! keywords {
    ($name:ident { $($variant:ident = $word:literal),+ $(,)? }) => {
        $crate::words! { $name { $($variant = $word),+ } }

        impl ::std::str::FromStr for $name {
            type Err = $crate::UnknownWord;

            fn from_str(text: &str) -> ::std::result::Result<Self, Self::Err> {
                match text {
                    $($word => ::std::result::Result::Ok(Self::$variant),)+
                    _ => ::std::result::Result::Err($crate::UnknownWord::new(text, &[$($word),+])),
                }
            }
        }
    };
}

#[cfg(test)]
mod tests {
    #![allow(unreachable_pub, reason = "the macros are for enums that are public")]

    #[derive(Clone, Copy, Debug, PartialEq)]
    enum Fruit {
        Apple,
        None,
    }

    keywords! { Fruit { Apple = "apple", None = "none" } }

    #[test]
    fn a_word_is_read_as_what_displays_as_it() {
        assert_eq!(Fruit::ALL, [Fruit::Apple, Fruit::None]);
        for fruit in Fruit::ALL {
            assert_eq!(fruit.to_string().parse(), Ok(*fruit));
        }
        assert_eq!(format!("[{:>6}]", Fruit::Apple), "[ apple]");
    }

    #[test]
    fn what_is_no_word_is_shown_in_one_line_with_those_that_there_are() {
        let error = |text: &str| text.parse::<Fruit>().unwrap_err().to_string();
        assert_eq!(error("Apple"), r#""Apple" is none of apple, none"#);
        assert_eq!(error(""), r#""" is none of apple, none"#);
        assert_eq!(error("a\nb"), r#""a\nb" is none of apple, none"#);
        assert!(error(&"x".repeat(10_000)).len() < 120);
    }
}
