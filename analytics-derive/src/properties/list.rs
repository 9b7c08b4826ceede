//! The properties of one struct or variant.

use std::collections::HashMap;

use proc_macro2::{Ident, Literal, Span, TokenStream};
use quote::quote_spanned;
use syn::{Fields, Generics, WherePredicate};

use super::property::Property;
use crate::attributes::{AttributePosition, Attributes};
use crate::errors::Errors;
use crate::path::CratePath;

/// The fields that are sent, in order of declaration.
pub(crate) struct PropertyList {
    properties: Vec<Property>,
    form: Form,
}

/// How a pattern of the struct or variant must be written.
enum Form {
    Unit,
    Braces { has_more_fields: bool },
}

impl PropertyList {
    /// Reads named fields, or none.
    pub(crate) fn read(fields: &Fields, errors: &mut Errors) -> Self {
        let mut properties = Vec::new();
        let mut names: HashMap<String, Ident> = HashMap::new();
        for field in fields {
            let attributes = Attributes::read(&field.attrs, &AttributePosition::FIELD, errors);
            attributes.check_field(errors);
            let Some(ident) = &field.ident else { continue };
            if attributes.skip.is_some() {
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
            properties.push(property);
        }
        let form = match fields {
            Fields::Unit => Form::Unit,
            _ => Form::Braces { has_more_fields: properties.len() < fields.len() },
        };
        Self { properties, form }
    }

    /// Whether nothing is sent.
    pub(crate) fn is_empty(&self) -> bool {
        self.properties.is_empty()
    }

    /// A `&'static [PropertyDescription]`.
    pub(crate) fn descriptions(&self, krate: &CratePath) -> TokenStream {
        let span = Span::mixed_site();
        if self.is_empty() {
            return quote_spanned!(span=> &[]);
        }
        let descriptions = self.properties.iter().map(|property| property.description(krate));
        quote_spanned!(span=> const { &[#(#descriptions),*] })
    }

    /// The part of a pattern that follows the name and binds every property's field.
    pub(crate) fn pattern(&self) -> TokenStream {
        let span = Span::mixed_site();
        let bindings = self.properties.iter().map(Property::binding);
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

    /// Statements that show every property to `visitor`. `key` makes the expression for the key at an index.
    pub(crate) fn visits(&self, krate: &CratePath, key: impl Fn(Literal) -> TokenStream) -> TokenStream {
        let visits = self.properties.iter().enumerate();
        visits.map(|(index, property)| property.visit(krate, &key(Literal::usize_unsuffixed(index)))).collect()
    }

    /// What must hold for the type parameters.
    pub(crate) fn bounds(&self, krate: &CratePath, generics: &Generics) -> Vec<WherePredicate> {
        self.properties.iter().filter_map(|property| property.bound(krate, generics)).collect()
    }
}
