//! The properties of one struct or variant.

use std::collections::HashMap;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::{Fields, Generics, WherePredicate};

use super::flattened::Flattened;
use super::property::Property;
use crate::attributes::{AttributePosition, Attributes};
use crate::errors::Errors;
use crate::path::CratePath;

/// The fields that are sent, in order of declaration.
pub(crate) struct PropertyList {
    fields: Vec<SentField>,
    form: Form,
}

enum SentField {
    Property(Property),
    Flattened(Flattened),
}

/// How a pattern of the struct or variant must be written.
enum Form {
    Unit,
    Braces { has_more_fields: bool },
}

impl PropertyList {
    /// Reads named fields, or none, of a type with `generics`.
    pub(crate) fn read(fields: &Fields, generics: &Generics, errors: &mut Errors) -> Self {
        let mut sent = Vec::new();
        let mut names: HashMap<String, Ident> = HashMap::new();
        for field in fields {
            let attributes = Attributes::read(&field.attrs, &AttributePosition::FIELD, errors);
            attributes.check_field(errors);
            let Some(ident) = &field.ident else { continue };
            if attributes.skip.is_some() {
                continue;
            }
            if attributes.flatten.is_some() {
                sent.push(SentField::Flattened(Flattened::read(ident, field, attributes, generics, errors)));
                continue;
            }
            let property = Property::read(ident, field, attributes);
            errors.take(property.check());
            if let Some(first) = names.insert(property.key().to_owned(), ident.clone()) {
                let key = property.key();
                let message =
                    format!("`{key}` is already the key of `{first}`: give one of them another with `rename`");
                errors.at(property.key_span(), message);
            }
            sent.push(SentField::Property(property));
        }
        let form = match fields {
            Fields::Unit => Form::Unit,
            _ => Form::Braces { has_more_fields: sent.len() < fields.len() },
        };
        Self { fields: sent, form }
    }

    /// Whether nothing is sent.
    pub(crate) fn is_empty(&self) -> bool {
        self.fields.is_empty()
    }

    /// A `&'static [PropertyDescription]`.
    pub(crate) fn descriptions(&self, krate: &CratePath) -> TokenStream {
        let span = Span::mixed_site();
        if self.is_empty() {
            return quote_spanned!(span=> &[]);
        }
        if self.flattened().next().is_none() {
            let descriptions = self.properties().map(|property| property.description(krate));
            return quote_spanned!(span=> const { &[#(#descriptions),*] });
        }
        let parts = self.fields.iter().map(|field| match field {
            SentField::Property(property) => {
                let description = property.description(krate);
                quote_spanned!(span=> &[#description])
            }
            SentField::Flattened(flattened) => flattened.descriptions(krate),
        });
        let additional = self.additional(krate);
        let len = lengths(&self.fields, krate);
        quote_spanned! {span=> const {
            #krate::property::refuse_two_with_additional(#additional);
            &#krate::PropertyDescription::joined::<{ #len }>(&[#(#parts),*])
        }}
    }

    /// How many fields may show properties that nobody knows at compile time: a constant.
    pub(crate) fn additional(&self, krate: &CratePath) -> TokenStream {
        let additional = self.flattened().map(|flattened| flattened.additional(krate));
        quote_spanned!(Span::mixed_site()=> 0 #(+ #additional)*)
    }

    /// The part of a pattern that follows the name and binds every property's field.
    pub(crate) fn pattern(&self) -> TokenStream {
        let span = Span::mixed_site();
        let bindings = self.fields.iter().map(|field| match field {
            SentField::Property(property) => property.binding(),
            SentField::Flattened(flattened) => flattened.binding(),
        });
        match self.form {
            Form::Unit => TokenStream::new(),
            Form::Braces { .. } if self.is_empty() => self.pattern_without_bindings(),
            Form::Braces { has_more_fields: true } => quote_spanned!(span=> { #(#bindings,)* .. }),
            Form::Braces { has_more_fields: false } => quote_spanned!(span=> { #(#bindings),* }),
        }
    }

    /// The part of a pattern that follows the name and binds nothing.
    pub(crate) fn pattern_without_bindings(&self) -> TokenStream {
        match self.form {
            Form::Unit => TokenStream::new(),
            Form::Braces { .. } => quote_spanned!(Span::mixed_site()=> { .. }),
        }
    }

    /// The name of the visitor's parameter if this is all that uses it.
    pub(crate) fn visitor(&self) -> Ident {
        Ident::new(if self.is_empty() { "_visitor" } else { "visitor" }, Span::mixed_site())
    }

    /// Statements that show every property to `visitor`. `key` makes the expression for the key at an index, which is a
    /// constant; `all` is one for all descriptions.
    pub(crate) fn visits(
        &self,
        krate: &CratePath,
        key: impl Fn(TokenStream) -> TokenStream,
        all: &TokenStream,
    ) -> TokenStream {
        let visits = self.fields.iter().enumerate().map(|(index, field)| match field {
            SentField::Property(property) => {
                let before = self.fields.get(..index).unwrap_or_default();
                property.visit(krate, &key(lengths(before, krate)))
            }
            SentField::Flattened(flattened) => flattened.visit(krate, all),
        });
        visits.collect()
    }

    /// What must hold for the type parameters.
    pub(crate) fn bounds(&self, krate: &CratePath, generics: &Generics) -> Vec<WherePredicate> {
        self.properties().filter_map(|property| property.bound(krate, generics)).collect()
    }

    fn properties(&self) -> impl Iterator<Item = &Property> {
        self.fields.iter().filter_map(|field| match field {
            SentField::Property(property) => Some(property),
            SentField::Flattened(_) => None,
        })
    }

    fn flattened(&self) -> impl Iterator<Item = &Flattened> {
        self.fields.iter().filter_map(|field| match field {
            SentField::Property(_) => None,
            SentField::Flattened(flattened) => Some(flattened),
        })
    }
}

/// How many properties are known of `fields`: a constant.
fn lengths(fields: &[SentField], krate: &CratePath) -> TokenStream {
    let own = fields.iter().filter(|field| matches!(field, SentField::Property(_))).count();
    let own = Literal::usize_unsuffixed(own);
    let flattened = fields.iter().filter_map(|field| match field {
        SentField::Property(_) => None,
        SentField::Flattened(flattened) => Some(flattened.len(krate)),
    });
    quote_spanned!(Span::mixed_site()=> #own #(+ #flattened)*)
}
