//! One field whose properties are shown among those of its struct.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Field, Generics, Type};

use super::option::inside_option;
use crate::attributes::Attributes;
use crate::errors::Errors;
use crate::generics::{mentions_parameter, with_static_lifetimes};
use crate::path::CratePath;

pub(super) struct Flattened {
    binding: Ident,
    /// Without the `Option` around it.
    ty: Type,
    is_option: bool,
    prefix: String,
}

impl Flattened {
    pub(super) fn read(
        ident: &Ident,
        field: &Field,
        attributes: Attributes,
        generics: &Generics,
        errors: &mut Errors,
    ) -> Self {
        let inside = inside_option(&field.ty);
        let ty = inside.unwrap_or(&field.ty);
        if mentions_parameter(ty, generics) {
            let message = "the keys of a flattened field must be known where it stands: name a concrete type, or leave \
                           `flatten` away and send an object";
            errors.at(ty.span(), message);
        }
        let prefix = attributes.prefix.map(|prefix| {
            if prefix.value.value().is_empty() {
                errors.at(prefix.value.span(), "an empty prefix changes nothing: remove it");
            }
            prefix.value.value()
        });
        let mut binding = ident.clone();
        binding.set_span(ident.span().resolved_at(Span::call_site()));
        Self { binding, ty: ty.clone(), is_option: inside.is_some(), prefix: prefix.unwrap_or_default() }
    }

    pub(super) fn binding(&self) -> &Ident {
        &self.binding
    }

    /// How many properties are known of it: a constant.
    pub(super) fn len(&self, krate: &CratePath) -> TokenStream {
        let nested = self.nested(krate);
        quote_spanned!(self.span()=> #nested.len())
    }

    /// 1 if it may show others, too; else 0: a constant.
    pub(super) fn additional(&self, krate: &CratePath) -> TokenStream {
        let ty = with_static_lifetimes(&self.ty);
        quote_spanned!(self.span()=> (<#ty as #krate::DescribedProperties>::HAS_ADDITIONAL as usize))
    }

    /// A `&'static [PropertyDescription]` under the keys in the struct.
    pub(super) fn descriptions(&self, krate: &CratePath) -> TokenStream {
        let (span, prefix, len, nested) = (self.span(), &self.prefix, self.len(krate), self.nested(krate));
        let described = quote_spanned!(span=> #krate::PropertyDescription);
        let prefixed = if prefix.is_empty() {
            nested
        } else {
            quote_spanned! {span=> const {
                &#described::flattened::<{ #len }>(
                    #prefix,
                    #nested,
                    const { &#described::prefixed_keys::<{ #described::bytes_of_keys(#prefix, #nested) }>(#prefix, #nested) },
                )
            }}
        };
        if self.is_option {
            return quote_spanned!(span=> const { &#described::optional::<{ #len }>(#prefixed) });
        }
        prefixed
    }

    /// A statement that shows its properties to `visitor`. `all` is everything that is known of the struct.
    pub(super) fn visit(&self, krate: &CratePath, all: &TokenStream) -> TokenStream {
        let (span, field, ty, prefix) = (self.span(), &self.binding, &self.ty, &self.prefix);
        let (nested, flattened) = (self.nested(krate), self.descriptions(krate));
        let renamed = quote_spanned! {span=>
            #krate::property::Flatten::new(#prefix, #nested, #flattened, #all)
                .visit::<#ty>(#field, visitor);
        };
        if self.is_as_nested() {
            let as_it_is = quote_spanned!(span=> <#ty as #krate::Properties>::visit_properties(#field, visitor););
            let additional = self.additional(krate);
            return quote_spanned!(span=> if #additional == 1 { #renamed } else { #as_it_is });
        }
        if self.is_option {
            return quote_spanned!(span=> if let ::core::option::Option::Some(#field) = #field { #renamed });
        }
        renamed
    }

    /// Whether its properties are described in the struct as they are in its own type.
    fn is_as_nested(&self) -> bool {
        self.prefix.is_empty() && !self.is_option
    }

    fn nested(&self, krate: &CratePath) -> TokenStream {
        let ty = with_static_lifetimes(&self.ty);
        quote_spanned!(self.span()=> <#ty as #krate::DescribedProperties>::PROPERTIES)
    }

    /// Where the compiler's complaints about the field's type should point, in names that only the macro sees.
    fn span(&self) -> Span {
        self.ty.span().resolved_at(Span::mixed_site())
    }
}
