//! `#[derive(PropertyValue)]`.

use std::collections::HashMap;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Data, DataEnum, DeriveInput, Error, Field, Fields, Ident, Result, WherePredicate, parse_quote};

use crate::attributes::{AttributePosition, Attributes};
use crate::errors::Errors;
use crate::generics::{mentions_parameter, with_bounds};
use crate::names::snake_case;
use crate::path::CratePath;
use crate::properties::PropertyList;

const FORMS: &str = "a property value is an enum of unit variants (a string), a struct around one value (that value), \
                     or a struct with named fields (an object)";

/// `PropertyValue::TYPE`, the body of `PropertyValue::value`, and what must hold for both.
struct Implementation {
    property_type: TokenStream,
    value: TokenStream,
    bounds: Vec<WherePredicate>,
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let mut errors = Errors::default();
    let attributes = Attributes::read(&input.attrs, &AttributePosition::VALUE, &mut errors);
    let krate = CratePath::new(attributes.krate.map(|krate| krate.value));
    let implementation = match &input.data {
        Data::Enum(data) => errors.take(word(data, input.ident.span(), &krate)),
        Data::Struct(data) => match &data.fields {
            fields @ Fields::Named(_) => errors.take(object(fields, input, &krate)),
            Fields::Unnamed(fields) => match fields.unnamed.first() {
                Some(field) if fields.unnamed.len() == 1 => errors.take(transparent(field, input, &krate)),
                _ => errors.take(Err(Error::new(fields.span(), FORMS))),
            },
            Fields::Unit => errors.take(Err(Error::new(input.ident.span(), FORMS))),
        },
        Data::Union(_) => errors.take(Err(Error::new(input.ident.span(), FORMS))),
    };
    errors.finish()?;
    Ok(implementation.map(|implementation| implement(input, &krate, &implementation)).unwrap_or_default())
}

fn implement(input: &DeriveInput, krate: &CratePath, implementation: &Implementation) -> TokenStream {
    let Implementation { property_type, value, bounds } = implementation;
    let ident = &input.ident;
    let generics = with_bounds(&input.generics, bounds.iter().cloned());
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    quote_spanned! {Span::mixed_site()=>
        #[automatically_derived]
        impl #impl_generics #krate::PropertyValue for #ident #type_generics #where_clause {
            const TYPE: #krate::PropertyType = #property_type;

            fn value(&self) -> ::core::option::Option<#krate::Value<'_>> {
                #value
            }
        }
    }
}

/// An enum of unit variants: one of a few strings.
fn word(data: &DataEnum, type_span: Span, krate: &CratePath) -> Result<Implementation> {
    let mut errors = Errors::default();
    if data.variants.is_empty() {
        errors.at(type_span, "an enum without variants has no value: add a variant");
    }
    let mut words = Vec::new();
    let mut owners: HashMap<String, &Ident> = HashMap::new();
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            let message = "a variant with fields is not one string: remove the fields, or send the type through `Json`";
            errors.at(variant.fields.span(), message);
        }
        let attributes = Attributes::read(&variant.attrs, &AttributePosition::VALUE_VARIANT, &mut errors);
        let (word, span) = match attributes.rename {
            Some(rename) => (rename.value.value(), rename.value.span()),
            None => (snake_case(&variant.ident.unraw().to_string()), variant.ident.span()),
        };
        if let Some(first) = owners.insert(word.clone(), &variant.ident) {
            let message =
                format!("`{word}` is already the string of `{first}`: give one of them another with `rename`");
            errors.at(span, message);
        }
        words.push(word);
    }
    errors.finish()?;

    let span = Span::mixed_site();
    let variants = data.variants.iter().map(|variant| &variant.ident);
    Ok(Implementation {
        property_type: quote_spanned!(span=> #krate::PropertyType::OneOf(&[#(#words),*])),
        value: quote_spanned! {span=>
            ::core::option::Option::Some(#krate::Value::Str(match self {
                #(Self::#variants => #words,)*
            }))
        },
        bounds: Vec::new(),
    })
}

/// A struct around one value: that value.
fn transparent(field: &Field, input: &DeriveInput, krate: &CratePath) -> Result<Implementation> {
    let mut errors = Errors::default();
    Attributes::read(&field.attrs, &AttributePosition::WRAPPED_FIELD, &mut errors);
    errors.finish()?;

    let ty = &field.ty;
    let span = ty.span().resolved_at(Span::mixed_site());
    let bound = mentions_parameter(ty, &input.generics).then(|| parse_quote!(#ty: #krate::PropertyValue));
    Ok(Implementation {
        property_type: quote_spanned!(span=> <#ty as #krate::PropertyValue>::TYPE),
        value: quote_spanned!(span=> #krate::PropertyValue::value(&self.0)),
        bounds: bound.into_iter().collect(),
    })
}

/// A struct with named fields: an object.
fn object(fields: &Fields, input: &DeriveInput, krate: &CratePath) -> Result<Implementation> {
    let mut errors = Errors::default();
    let properties = PropertyList::read(fields, &input.generics, &mut errors);
    errors.finish()?;

    let descriptions = properties.descriptions(krate);
    let span = input.ident.span().resolved_at(Span::mixed_site());
    Ok(Implementation {
        property_type: quote_spanned!(span=> #krate::PropertyType::Object(#descriptions)),
        value: quote_spanned!(span=> ::core::option::Option::Some(#krate::Value::Object(self))),
        bounds: properties.bounds(krate, &input.generics),
    })
}
