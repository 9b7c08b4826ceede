//! A function's body that tells the cases of an event's type apart.

use proc_macro2::{Span, TokenStream};
use quote::quote_spanned;

use super::EventType;
use super::case::{Arm, Case};

impl EventType<'_> {
    /// `match self { .. }` for an enum; for a struct the body, after a `let` where it is needed.
    pub(super) fn matching(&self, arm: impl Fn(&Case) -> Arm) -> TokenStream {
        let span = Span::mixed_site();
        if let [case @ Case { variant: None, .. }] = self.cases.as_slice() {
            let Arm { pattern, binds, body } = arm(case);
            let bindings = binds.then(|| quote_spanned!(span=> let #pattern = self;));
            return quote_spanned!(span=> #bindings #body);
        }
        let arms = self.cases.iter().map(|case| {
            let Arm { pattern, body, .. } = arm(case);
            quote_spanned!(span=> #pattern => { #body })
        });
        quote_spanned!(span=> match self { #(#arms)* })
    }
}
