//! `#[derive(Properties)]`, and what every derive does with named fields.

mod flattened;
mod list;
mod option;
mod property;

pub(crate) use self::list::PropertyList;

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Data, DeriveInput, Error, Fields, Result};

use crate::attributes::{AttributePosition, Attributes};
use crate::errors::Errors;
use crate::generics::with_bounds;
use crate::path::CratePath;

const NAMED_FIELDS: &str = "properties have names: derive `Properties` on a struct with named fields or without fields";

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let Data::Struct(data) = &input.data else {
        return Err(Error::new(input.ident.span(), NAMED_FIELDS));
    };
    if let Fields::Unnamed(fields) = &data.fields {
        return Err(Error::new(fields.span(), NAMED_FIELDS));
    }
    let mut errors = Errors::default();
    let attributes = Attributes::read(&input.attrs, &AttributePosition::PROPERTIES, &mut errors);
    let properties = PropertyList::read(&data.fields, &input.generics, &mut errors);
    errors.finish()?;
    Ok(implement(input, &CratePath::new(attributes.krate.map(|krate| krate.value)), &properties))
}

fn implement(input: &DeriveInput, krate: &CratePath, properties: &PropertyList) -> TokenStream {
    let span = Span::mixed_site();
    let (ident, vis) = (&input.ident, crate::path::at_call_site(&input.vis));
    let generics = with_bounds(&input.generics, properties.bounds(krate, &input.generics));
    let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
    let descriptions = properties.descriptions(krate);
    let pattern = properties.pattern();
    let visitor = properties.visitor();
    let key = |index| quote_spanned!(span=> const { &Self::PROPERTIES[#index].key() });
    let visits = properties.visits(krate, key, &quote_spanned!(span=> Self::PROPERTIES));
    let additional = properties.additional(krate);
    let bindings = (!properties.is_empty()).then(|| quote_spanned!(span=> let Self #pattern = self;));
    quote_spanned! {span=>
        impl #impl_generics #ident #type_generics #where_clause {
            /// The properties that a value of this type shows, in order.
            #vis const PROPERTIES: &'static [#krate::PropertyDescription] = #descriptions;
        }

        #[automatically_derived]
        impl #impl_generics #krate::Properties for #ident #type_generics #where_clause {
            fn visit_properties(&self, #visitor: &mut dyn #krate::PropertyVisitor) {
                #bindings
                #visits
            }
        }

        #[automatically_derived]
        impl #impl_generics #krate::DescribedProperties for #ident #type_generics #where_clause {
            const PROPERTIES: &'static [#krate::PropertyDescription] = Self::PROPERTIES;
            const HAS_ADDITIONAL: bool = #additional > 0;
        }
    }
}
