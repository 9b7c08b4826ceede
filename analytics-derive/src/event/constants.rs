//! The inherent constants: `CopilotEvent::TOOL_CALLED`, `OrderPlaced::EVENT`.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;
use syn::parse_quote;

use super::EventType;
use super::case::Case;
use super::kind::Kind;
use crate::path::at_call_site;

impl EventType<'_> {
    /// An inherent `impl` with a constant for each kind of event; nothing if there is none.
    pub(super) fn constants(&self) -> TokenStream {
        let constants: Vec<TokenStream> =
            self.cases.iter().filter_map(|case| Some(self.constant(case, case.kind()?))).collect();
        if constants.is_empty() {
            return TokenStream::new();
        }
        let Self { krate, ident, .. } = self;
        let generics = self.bounded(&parse_quote!(#krate::Event));
        let (impl_generics, type_generics, where_clause) = generics.split_for_impl();
        quote_spanned! {Span::mixed_site()=>
            impl #impl_generics #ident #type_generics #where_clause {
                #(#constants)*
            }
        }
    }

    fn constant(&self, case: &Case, kind: &Kind) -> TokenStream {
        let krate = &self.krate;
        let vis = at_call_site(self.vis);
        let constant = &kind.constant;
        let description = kind.description(krate);
        let doc = match &case.variant {
            Some(variant) => format!("The kind of event that [`{variant}`](Self::{variant}) is: `{}`.", kind.name),
            None => format!("The kind of event that this is: `{}`.", kind.name),
        };
        quote_spanned! {Span::mixed_site()=>
            #[doc = #doc]
            #vis const #constant: #krate::EventKind = #krate::EventKind::new(const { &#description });
        }
    }
}
