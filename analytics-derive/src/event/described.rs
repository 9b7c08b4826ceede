//! `DescribedEvent`: every kind of event that a value of the type can be.

use proc_macro2::{Literal, Span, TokenStream};
use quote::{ToTokens, quote_spanned};
use syn::spanned::Spanned;
use syn::{Error, Result, Type, parse_quote};

use super::EventType;
use super::case::{Case, Form};
use crate::errors::Errors;
use crate::generics::{mentions_parameter, with_static_lifetimes};

impl EventType<'_> {
    pub(super) fn described(&self) -> Result<TokenStream> {
        let Self { krate, ident, .. } = self;
        let generics = self.bounded(&parse_quote!(#krate::DescribedEvent));
        let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
        let events = self.events()?;
        Ok(quote_spanned! {Span::mixed_site()=>
            #[automatically_derived]
            impl #impl_generics #krate::DescribedEvent for #ident #type_generics #where_clause {
                const EVENTS: &'static [#krate::EventDescription] = #events;
            }
        })
    }

    fn events(&self) -> Result<TokenStream> {
        if let [Case { form: Form::Wrapping(ty), .. }] = self.cases.as_slice() {
            return Ok(self.events_of(ty));
        }
        if self.cases.iter().all(|case| case.kind().is_some()) {
            let list = own_kinds(&self.cases);
            return Ok(quote_spanned!(Span::mixed_site()=> const { &[#list] }));
        }
        self.joined()
    }

    /// Runs of own kinds and the lists of wrapped events, joined into one list whose length the compiler counts.
    fn joined(&self) -> Result<TokenStream> {
        let krate = &self.krate;
        let span = Span::mixed_site();
        let mut errors = Errors::default();
        let mut parts = Vec::new();
        let mut lengths = Vec::new();
        for run in self.cases.chunk_by(|one, next| one.kind().is_some() && next.kind().is_some()) {
            if let [Case { form: Form::Wrapping(ty), .. }] = run {
                errors.take(self.check_inner(ty));
                let events = self.events_of(ty);
                lengths.push(quote_spanned!(span=> #events.len()));
                parts.push(events);
            } else {
                let list = own_kinds(run);
                lengths.push(Literal::usize_unsuffixed(run.len()).to_token_stream());
                parts.push(quote_spanned!(span=> &[#list]));
            }
        }
        errors.finish()?;
        Ok(quote_spanned! {span=>
            const { &#krate::EventDescription::concat::<{ #(#lengths)+* }>(&[#(#parts),*]) }
        })
    }

    /// The length of an array may not depend on a parameter.
    fn check_inner(&self, ty: &Type) -> Result<()> {
        if mentions_parameter(ty, self.generics) {
            let message = "the wrapped event may not depend on a type parameter beside other variants: \
                           name a concrete event, or give the enum no variant but this";
            return Err(Error::new(ty.span(), message));
        }
        Ok(())
    }

    fn events_of(&self, ty: &Type) -> TokenStream {
        let krate = &self.krate;
        let span = ty.span().resolved_at(Span::mixed_site());
        let inner = with_static_lifetimes(ty);
        quote_spanned!(span=> <#inner as #krate::DescribedEvent>::EVENTS)
    }
}

fn own_kinds(cases: &[Case]) -> TokenStream {
    let span = Span::mixed_site();
    let constants = cases.iter().filter_map(Case::kind).map(|kind| &kind.constant);
    quote_spanned!(span=> #(*Self::#constants.description()),*)
}
