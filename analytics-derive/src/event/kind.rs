//! One kind of event: what its description says.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;

use crate::attributes::Lane;
use crate::path::CratePath;
use crate::properties::PropertyList;

pub(super) struct Kind {
    /// The name of the constant that stands for it.
    pub(super) constant: Ident,
    pub(super) name: String,
    pub(super) name_span: Span,
    pub(super) doc: String,
    pub(super) lane: Option<Lane>,
    pub(super) critical: bool,
    pub(super) properties: PropertyList,
}

impl Kind {
    /// An `EventDescription`.
    pub(super) fn description(&self, krate: &CratePath) -> TokenStream {
        let span = Span::mixed_site();
        let name = &self.name;
        let properties = self.properties.descriptions(krate);
        let doc = (!self.doc.is_empty()).then_some(&self.doc).map(|doc| quote_spanned!(span=> .with_doc(#doc)));
        let lane = self.lane.map(|lane| {
            let lane = lane.ident();
            quote_spanned!(span=> .with_lane(#krate::Lane::#lane))
        });
        let critical = self.critical.then(|| quote_spanned!(span=> .critical()));
        quote_spanned!(span=> #krate::EventDescription::new(#name, #properties) #doc #lane #critical)
    }
}
