//! `#[event(...)]`: what is written, read once and held against what its place allows.

mod doc;
mod parse;
mod position;
mod words;

pub(crate) use self::doc::documentation;
pub(crate) use self::position::AttributePosition;
pub(crate) use self::words::{Lane, Names, Privacy, Unit};

use proc_macro2::{Literal, Span, TokenTree};
use quote::ToTokens as _;
use syn::spanned::Spanned as _;
use syn::{Attribute, LitStr, Meta, MetaList, Path};

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
    pub(crate) verbatim: Option<Given<()>>,
    pub(crate) names: Option<Given<Names>>,
    pub(crate) krate: Option<Given<Path>>,
    pub(crate) critical: Option<Given<()>>,
    pub(crate) lane: Option<Given<Lane>>,
    pub(crate) rename: Option<Given<LitStr>>,
    pub(crate) skip: Option<Given<()>>,
    pub(crate) with: Option<Given<Path>>,
    pub(crate) display: Option<Given<()>>,
    pub(crate) flatten: Option<Given<()>>,
    pub(crate) prefix: Option<Given<LitStr>>,
    pub(crate) unit: Option<Given<Unit>>,
    pub(crate) privacy: Option<Given<Privacy>>,
    /// Whether it is said, well or not, how names are written: no name is to be refused for its case then.
    pub(crate) may_be_verbatim: bool,
    /// Whether something could not be read: what is missing may be what was meant.
    pub(crate) has_errors: bool,
}

impl Attributes {
    /// Reads every `#[event(...)]` among `attributes`, which stand at `place`.
    pub(crate) fn read(attributes: &[Attribute], place: &AttributePosition, errors: &mut Errors) -> Self {
        let mut read = Self::default();
        for attribute in attributes.iter().filter(|attribute| attribute.path().is_ident("event")) {
            if let Some((span, refusal)) = without_settings(attribute, place) {
                errors.at(span, refusal);
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
        let is_a_property = [
            self.with.is_some(),
            self.display.is_some(),
            self.unit.is_some(),
            self.rename.is_some(),
            self.privacy.is_some(),
        ]
        .contains(&true);
        if let Some(skip) = &self.skip
            && (is_a_property || self.flatten.is_some() || self.prefix.is_some())
        {
            errors.at(skip.span, "a field with `skip` is not sent: remove `skip`, or the settings beside it");
        }
        if let Some(flatten) = &self.flatten
            && is_a_property
        {
            errors.at(
                flatten.span,
                "a flattened field is no property of its own: the settings beside it stand on the fields of its type",
            );
        }
        if let Some(prefix) = &self.prefix
            && self.flatten.is_none()
        {
            errors.at(prefix.span, "`prefix` is for the keys of a flattened field: add `flatten`");
        }
    }
}

/// Why an attribute is no list of settings, as `#[event("order_placed")]` and `#[event = "order_placed"]` are none.
fn without_settings(attribute: &Attribute, place: &AttributePosition) -> Option<(Span, String)> {
    match &attribute.meta {
        Meta::List(list) => {
            let literal = lone_literal(list)?;
            Some((literal.span(), place.refusal_of_literal(&literal.to_string())))
        }
        Meta::NameValue(given) => {
            let value = given.value.to_token_stream().to_string();
            Some((given.value.span(), place.refusal_of_literal(&value)))
        }
        Meta::Path(path) => Some((path.span(), place.refusal_of_nothing())),
    }
}

/// A value where a setting begins.
fn lone_literal(list: &MetaList) -> Option<Literal> {
    let mut begins = true;
    for token in list.tokens.clone() {
        match token {
            TokenTree::Literal(literal) if begins => return Some(literal),
            token => begins = matches!(&token, TokenTree::Punct(punct) if punct.as_char() == ','),
        }
    }
    None
}
