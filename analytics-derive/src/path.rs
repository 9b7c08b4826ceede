//! Where the generated code finds the vocabulary.

use proc_macro2::{Span, TokenStream, TokenTree};
use quote::{ToTokens, quote_spanned};
use syn::{Attribute, DeriveInput, Path, parse_quote};

/// The path of `analytics_core` in the user's crate.
///
/// Generated paths start with it, so nothing that the user has in scope can change their meaning.
pub(crate) struct CratePath(Option<Path>);

impl CratePath {
    /// `path`, or `::analytics_core`.
    pub(crate) fn new(path: Option<Path>) -> Self {
        Self(path)
    }
}

impl ToTokens for CratePath {
    fn to_tokens(&self, tokens: &mut TokenStream) {
        match &self.0 {
            Some(path) => path.to_tokens(tokens),
            None => tokens.extend(quote_spanned!(Span::mixed_site()=> ::analytics_core)),
        }
    }
}

/// `input` as if it said that the vocabulary is found in `product_analytics`, unless it says where itself.
pub(crate) fn in_product_analytics(mut input: DeriveInput) -> DeriveInput {
    let names_crate = |attribute: &Attribute| {
        let mut words = attribute.meta.to_token_stream().into_iter().flat_map(|token| match token {
            TokenTree::Group(group) => group.stream(),
            token => token.into(),
        });
        attribute.path().is_ident("event")
            && words.any(|word| matches!(&word, TokenTree::Ident(word) if word == "crate"))
    };
    if !input.attrs.iter().any(names_crate) {
        input.attrs.push(parse_quote!(#[event(crate = "::product_analytics")]));
    }
    input
}

/// `tokens` as if the macro had written them, so that no lint of the user's sees them twice.
pub(crate) fn at_call_site(tokens: impl ToTokens) -> TokenStream {
    tokens
        .to_token_stream()
        .into_iter()
        .map(|mut token| {
            token.set_span(token.span().resolved_at(Span::call_site()));
            token
        })
        .collect()
}
