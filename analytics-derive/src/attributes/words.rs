//! The settings that are one word out of a few.

use proc_macro2::{Ident, Span};
use syn::{Error, LitStr, Result};

use crate::suggest::listed;

/// `lane = "..."`.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Lane {
    Product,
    Ai,
}

/// `names = "..."`: how an enum's names are written.
#[derive(Clone, Copy, PartialEq)]
pub(crate) enum Names {
    SnakeCase,
    Verbatim,
}

/// `privacy = "..."`.
#[derive(Clone, Copy)]
pub(crate) enum Privacy {
    Public,
    Personal,
    Sensitive,
}

/// `unit = "..."`.
#[derive(Clone, Copy)]
pub(crate) enum Unit {
    Seconds,
    Milliseconds,
    Microseconds,
    Nanoseconds,
}

macro_rules! words {
    ($setting:literal, $type:ident { $($word:literal => $variant:ident),* $(,)? }) => {
        impl TryFrom<LitStr> for $type {
            type Error = Error;

            fn try_from(literal: LitStr) -> Result<Self> {
                match literal.value().as_str() {
                    $($word => Ok(Self::$variant),)*
                    other => {
                        let known = listed(&[$($word),*]);
                        Err(Error::new(literal.span(), format!("`{other}` is no {}: write one of {known}", $setting)))
                    }
                }
            }
        }
    };
}

/// Words that `analytics_core` has under the same names.
macro_rules! counterparts {
    ($type:ident { $($variant:ident),* }) => {
        impl $type {
            /// The name of this word's counterpart in `analytics_core`.
            pub(crate) fn ident(self) -> Ident {
                let name = match self { $(Self::$variant => stringify!($variant),)* };
                Ident::new(name, Span::mixed_site())
            }
        }
    };
}

words!("lane", Lane { "product" => Product, "ai" => Ai });
words!("way to write names", Names { "snake_case" => SnakeCase, "verbatim" => Verbatim });
words!("privacy class", Privacy { "public" => Public, "personal" => Personal, "sensitive" => Sensitive });
words!("unit", Unit {
    "seconds" => Seconds,
    "milliseconds" => Milliseconds,
    "microseconds" => Microseconds,
    "nanoseconds" => Nanoseconds,
});

counterparts!(Lane { Product, Ai });
counterparts!(Privacy { Public, Personal, Sensitive });
counterparts!(Unit { Seconds, Milliseconds, Microseconds, Nanoseconds });
