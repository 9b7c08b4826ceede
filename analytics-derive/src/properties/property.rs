//! One field that is sent.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Field, Generics, Path, Result, Type, WherePredicate, parse_quote};

use super::option::inside_option;
use crate::attributes::{Attributes, Privacy, Unit, documentation};
use crate::generics::mentions_parameter;
use crate::names;
use crate::path::CratePath;

pub(super) struct Property {
    binding: Ident,
    key: String,
    key_span: Span,
    ty: Type,
    writing: Writing,
    doc: String,
    privacy: Option<Privacy>,
}

/// How the value is written.
enum Writing {
    /// By its `PropertyValue`.
    Value,
    /// By the `PropertyValue` that a function makes of it.
    With(Path),
    /// By its `Display`.
    Display,
    /// As a number of units of time.
    Unit(Unit),
}

impl Property {
    pub(super) fn read(ident: &Ident, field: &Field, attributes: Attributes) -> Self {
        let (key, key_span) = match attributes.rename {
            Some(rename) => (rename.value.value(), rename.value.span()),
            None => (ident.unraw().to_string(), ident.span()),
        };
        let writing = if let Some(with) = attributes.with {
            Writing::With(with.value)
        } else if let Some(unit) = attributes.unit {
            Writing::Unit(unit.value)
        } else if attributes.display.is_some() {
            Writing::Display
        } else {
            Writing::Value
        };
        let mut binding = ident.clone();
        // A deprecated field is sent like any other, and that is not the user's to be warned of.
        binding.set_span(ident.span().resolved_at(Span::call_site()));
        Self {
            binding,
            key,
            key_span,
            ty: field.ty.clone(),
            writing,
            doc: documentation(&field.attrs),
            privacy: attributes.privacy.map(|privacy| privacy.value),
        }
    }

    pub(super) fn key(&self) -> &str {
        &self.key
    }

    pub(super) fn key_span(&self) -> Span {
        self.key_span
    }

    pub(super) fn binding(&self) -> &Ident {
        &self.binding
    }

    pub(super) fn check(&self) -> Result<()> {
        names::check_key(&self.key, self.key_span)
    }

    /// A `PropertyDescription`.
    pub(super) fn description(&self, krate: &CratePath) -> TokenStream {
        let span = Span::mixed_site();
        let key = &self.key;
        let property_type = self.property_type(krate);
        let doc = (!self.doc.is_empty()).then_some(&self.doc).map(|doc| quote_spanned!(span=> .with_doc(#doc)));
        let privacy = self.privacy.map(|privacy| {
            let privacy = privacy.ident();
            quote_spanned!(span=> .with_privacy(#krate::Privacy::#privacy))
        });
        quote_spanned!(span=> #krate::PropertyDescription::new(#key, #property_type) #doc #privacy)
    }

    /// A `PropertyType`.
    fn property_type(&self, krate: &CratePath) -> TokenStream {
        let span = self.type_span();
        let ty = &self.ty;
        let is_option = inside_option(ty).is_some();
        match &self.writing {
            Writing::Value => quote_spanned!(span=> <#ty as #krate::PropertyValue>::TYPE),
            // Asks the compiler for the type of what the function returns.
            Writing::With(function) => quote_spanned! {span=> {
                const fn returned<'field, Field, Value>(_: fn(&'field Field) -> Value) -> #krate::PropertyType
                where
                    Field: ?::core::marker::Sized + 'field,
                    Value: #krate::PropertyValue,
                {
                    Value::TYPE
                }
                returned::<#ty, _>(|field| #function(field))
            }},
            Writing::Display if is_option => {
                quote_spanned!(span=> #krate::PropertyType::Optional(&#krate::PropertyType::String))
            }
            Writing::Display => quote_spanned!(span=> #krate::PropertyType::String),
            Writing::Unit(unit) => {
                let unit = unit.ident();
                let unit = quote_spanned!(span=> #krate::property::#unit);
                let unit = if is_option { quote_spanned!(span=> ::core::option::Option<#unit>) } else { unit };
                quote_spanned!(span=> <#unit as #krate::PropertyValue>::TYPE)
            }
        }
    }

    /// A statement that shows this property to `visitor` under the key that `key` is an expression for.
    pub(super) fn visit(&self, krate: &CratePath, key: &TokenStream) -> TokenStream {
        let span = self.type_span();
        let field = &self.binding;
        let is_option = inside_option(&self.ty).is_some();
        match &self.writing {
            // Said as in the description, so that the compiler complains of a type once.
            Writing::Value => {
                let ty = &self.ty;
                quote_spanned! {span=>
                    if let ::core::option::Option::Some(value) = <#ty as #krate::PropertyValue>::value(#field) {
                        visitor.value(#key, value);
                    }
                }
            }
            Writing::With(function) => quote_spanned!(span=> visitor.property(#key, &#function(#field));),
            Writing::Display if is_option => quote_spanned! {span=>
                if let ::core::option::Option::Some(value) = #field {
                    visitor.value(#key, #krate::Value::Display(value));
                }
            },
            Writing::Display => quote_spanned!(span=> visitor.value(#key, #krate::Value::Display(#field));),
            Writing::Unit(unit) => {
                let unit = unit.ident();
                let value = if is_option {
                    quote_spanned!(span=> #field.map(#krate::property::#unit))
                } else {
                    quote_spanned!(span=> #krate::property::#unit(*#field))
                };
                quote_spanned!(span=> visitor.property(#key, &#value);)
            }
        }
    }

    /// What must hold if the field's type depends on a type parameter.
    pub(super) fn bound(&self, krate: &CratePath, generics: &Generics) -> Option<WherePredicate> {
        if !mentions_parameter(&self.ty, generics) {
            return None;
        }
        let ty = &self.ty;
        match &self.writing {
            Writing::Value => Some(parse_quote!(#ty: #krate::PropertyValue)),
            Writing::Display => {
                let displayed = inside_option(ty).unwrap_or(ty);
                Some(parse_quote!(#displayed: ::core::fmt::Display))
            }
            Writing::With(_) | Writing::Unit(_) => None,
        }
    }

    /// Where the compiler's complaints about the field's type should point, in names that only the macro sees.
    fn type_span(&self) -> Span {
        self.ty.span().resolved_at(Span::mixed_site())
    }
}
