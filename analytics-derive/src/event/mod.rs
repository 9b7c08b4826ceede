//! `#[derive(Event)]`.

mod case;
mod constants;
mod described;
mod kind;
mod matching;
mod read;

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::{DeriveInput, Generics, Result, Visibility, WherePredicate, parse_quote};

use self::case::Case;
use crate::generics::with_bounds;
use crate::path::CratePath;

/// The type that is derived for.
struct EventType<'a> {
    krate: CratePath,
    vis: &'a Visibility,
    ident: &'a Ident,
    generics: &'a Generics,
    cases: Vec<Case>,
}

pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let event = EventType::read(input)?;
    let constants = event.constants();
    let properties = event.properties();
    let implementation = event.event();
    let described = event.described()?;
    Ok(quote_spanned!(Span::mixed_site()=> #constants #properties #implementation #described))
}

impl EventType<'_> {
    fn properties(&self) -> TokenStream {
        let Self { krate, ident, .. } = self;
        let generics = self.bounded(&parse_quote!(#krate::Properties));
        let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
        let visits_nothing = self.cases.iter().all(Case::visits_nothing);
        let visitor = Ident::new(if visits_nothing { "_visitor" } else { "visitor" }, Span::mixed_site());
        let visit = self.matching(|case| case.visit(krate));
        quote_spanned! {Span::mixed_site()=>
            #[automatically_derived]
            impl #impl_generics #krate::Properties for #ident #type_generics #where_clause {
                fn visit_properties(&self, #visitor: &mut dyn #krate::PropertyVisitor) {
                    #visit
                }
            }
        }
    }

    fn event(&self) -> TokenStream {
        let Self { krate, ident, .. } = self;
        let generics = self.bounded(&parse_quote!(#krate::Event));
        let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
        let name = self.matching(|case| case.name(krate));
        let description = self.matching(|case| case.description(krate));
        // Elsewhere the description says it.
        let lane = self.cases.iter().any(Case::is_wrapping).then(|| {
            let lane = self.matching(|case| case.lane(krate));
            quote_spanned! {Span::mixed_site()=>
                fn lane(&self) -> #krate::Lane {
                    #lane
                }
            }
        });
        quote_spanned! {Span::mixed_site()=>
            #[automatically_derived]
            impl #impl_generics #krate::Event for #ident #type_generics #where_clause {
                fn name(&self) -> &str {
                    #name
                }

                fn description(&self) -> ::core::option::Option<&'static #krate::EventDescription> {
                    #description
                }

                #lane
            }
        }
    }

    /// The type's generics, with what the properties need, and `inner` for wrapped events.
    fn bounded(&self, inner: &syn::Path) -> Generics {
        let bounds = self
            .cases
            .iter()
            .flat_map(|case| -> Vec<WherePredicate> { case.bounds(&self.krate, inner, self.generics) });
        with_bounds(self.generics, bounds)
    }
}
