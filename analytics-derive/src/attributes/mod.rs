//! `#[event(...)]`: what is written, read once and held against what its place allows.

mod doc;
mod parse;
mod position;
mod words;

pub(crate) use self::doc::documentation;
pub(crate) use self::position::AttributePosition;
pub(crate) use self::words::{Lane, Privacy, Unit};

use proc_macro2::{Literal, Span, TokenTree};
use syn::{Attribute, LitStr, Meta, Path};

use crate::errors::Errors;

/// A setting and where it stands.
#[derive(Clone)]
pub(crate) struct Given<T> {
    pub(crate) value: T,
    pub(crate) span: Span,
}

/// Every setting that `#[event(...)]` knows. Which of them may be given depends on the [`AttributePosition`].
#[derive(Default)]
pub(crate) struct Attributes {
    pub(crate) name: Option<Given<LitStr>>,
    pub(crate) krate: Option<Given<Path>>,
    pub(crate) critical: Option<Given<()>>,
    pub(crate) lane: Option<Given<Lane>>,
    pub(crate) rename: Option<Given<LitStr>>,
    pub(crate) skip: Option<Given<()>>,
    pub(crate) with: Option<Given<Path>>,
    pub(crate) display: Option<Given<()>>,
    pub(crate) unit: Option<Given<Unit>>,
    pub(crate) privacy: Option<Given<Privacy>>,
    /// Whether something could not be read: what is missing may be what was meant.
    pub(crate) has_errors: bool,
}

impl Attributes {
    /// Reads every `#[event(...)]` among `attributes`, which stand at `place`.
    pub(crate) fn read(attributes: &[Attribute], place: &AttributePosition, errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("event")) {
            if let Some(literal) = lone_literal(attribute) {
                errors.at(literal.span(), place.refusal_of_literal(&literal));
                read.has_errors = true;
                continue;
            }
            let parsed = attribute.parse_nested_meta(|meta| read.setting(&meta, place, errors));
            read.has_errors |= errors.take(parsed).is_none();
        }
        read
    }

    /// Refuses settings of a field that contradict each other.
    pub(crate) fn check_field(&self, errors: &mut Errors) {
        let span = |name: &'static str, span: Option<Span>| span.map(|span| (name, span));
        let values = [
            span("with", self.with.as_ref().map(|given| given.span)),
            span("display", self.display.as_ref().map(|given| given.span)),
            span("unit", self.unit.as_ref().map(|given| given.span)),
        ];
        let mut values = values.into_iter().flatten();
        if let Some((first, _)) = values.next() {
            for (second, span) in values {
                errors
                    .at(span, format!("`{first}` and `{second}` both say how the value is written: keep one of them"));
            }
        }
        if let Some(skip) = &self.skip {
            let others = [
                self.with.as_ref().map(|given| given.span),
                self.display.as_ref().map(|given| given.span),
                self.unit.as_ref().map(|given| given.span),
                self.rename.as_ref().map(|given| given.span),
                self.privacy.as_ref().map(|given| given.span),
            ];
            if others.iter().any(Option::is_some) {
                errors.at(skip.span, "a field with `skip` is not sent: remove `skip`, or the settings beside it");
            }
        }
    }
}

/// A value where a setting begins, as in `#[event("order_placed")]`.
fn lone_literal(attribute: &Attribute) -> Option<Literal> {
    let Meta::List(list) = &attribute.meta else { return None };
    let mut begins = true;
    for token in list.tokens.clone() {
        match token {
            TokenTree::Literal(literal) if begins => return Some(literal),
            token => begins = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ','),
        }
    }
    None
}
