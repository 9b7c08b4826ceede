//! Type parameters and lifetimes of the type that is derived for.

use proc_macro2::{Group, Ident, TokenStream, TokenTree};
use quote::ToTokens;
use syn::{GenericParam, Generics, Type, WherePredicate};

/// `generics` with `predicates` added to the where clause, each once.
pub(crate) fn with_bounds(generics: &Generics, predicates: impl IntoIterator<Item = WherePredicate>) -> Generics {
    let mut generics = generics.clone();
    let mut seen = Vec::new();
    for predicate in predicates {
        let text = predicate.to_token_stream().to_string();
        if !seen.contains(&text) {
            seen.push(text);
            generics.make_where_clause().predicates.push(predicate);
        }
    }
    generics
}

/// Whether `ty` depends on a type parameter or a const parameter of `generics`. Lifetimes do not count.
pub(crate) fn mentions_parameter(ty: &Type, generics: &Generics) -> bool {
    let parameters: Vec<&Ident> = generics
        .params
        .iter()
        .filter_map(|parameter| match parameter {
            GenericParam::Type(parameter) => Some(&parameter.ident),
            GenericParam::Const(parameter) => Some(&parameter.ident),
            GenericParam::Lifetime(_) => None,
        })
        .collect();
    !parameters.is_empty() && mentions(ty.to_token_stream(), &parameters)
}

fn mentions(tokens: TokenStream, names: &[&Ident]) -> bool {
    tokens.into_iter().any(|token| match token {
        TokenTree::Ident(ident) => names.contains(&&ident),
        TokenTree::Group(group) => mentions(group.stream(), names),
        _ => false,
    })
}

/// `ty` with every lifetime replaced by `'static`, for places where no generics can be used.
pub(crate) fn with_static_lifetimes(ty: &Type) -> TokenStream {
    replace_lifetimes(ty.to_token_stream())
}

fn replace_lifetimes(tokens: TokenStream) -> TokenStream {
    let mut after_apostrophe = false;
    tokens
        .into_iter()
        .map(|token| {
            let names_a_lifetime = std::mem::replace(&mut after_apostrophe, is_apostrophe(&token));
            match token {
                TokenTree::Ident(ident) if names_a_lifetime => Ident::new("static", ident.span()).into(),
                TokenTree::Group(group) => {
                    let mut replaced = Group::new(group.delimiter(), replace_lifetimes(group.stream()));
                    replaced.set_span(group.span());
                    replaced.into()
                }
                token => token,
            }
        })
        .collect()
}

fn is_apostrophe(token: &TokenTree) -> bool {
    matches!(token, TokenTree::Punct(punct) if punct.as_char() == '\'')
}
