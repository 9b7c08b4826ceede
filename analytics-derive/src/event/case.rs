//! One case of an event's type: the struct itself, or a variant.

use proc_macro2::{Ident, Span, TokenStream};
use quote::quote_spanned;
use syn::spanned::Spanned;
use syn::{Generics, Path, Type, WherePredicate, parse_quote};

use super::kind::Kind;
use crate::generics::mentions_parameter;
use crate::path::CratePath;

pub(super) struct Case {
    /// `None` for a struct.
    pub(super) variant: Option<Ident>,
    pub(super) form: Form,
}

pub(super) enum Form {
    /// An event of its own.
    Named(Box<Kind>),
    /// Another event, which says everything.
    Wrapping(Box<Type>),
}

/// What one case does.
pub(super) struct Arm {
    pub(super) pattern: TokenStream,
    /// Whether `body` uses what `pattern` binds.
    pub(super) binds: bool,
    pub(super) body: TokenStream,
}

impl Case {
    /// The event of its own, if it is one.
    pub(super) fn kind(&self) -> Option<&Kind> {
        match &self.form {
            Form::Named(kind) => Some(kind),
            Form::Wrapping(_) => None,
        }
    }

    pub(super) fn visits_nothing(&self) -> bool {
        self.kind().is_some_and(|kind| kind.properties.is_empty())
    }

    /// `Properties::visit_properties`.
    pub(super) fn visit(&self, krate: &CratePath) -> Arm {
        match &self.form {
            Form::Named(kind) => {
                let constant = &kind.constant;
                let span = Span::mixed_site();
                let key = |index| quote_spanned!(span=> const { &Self::#constant.key(#index) });
                let all = quote_spanned!(span=> Self::#constant.description().properties());
                Arm {
                    pattern: self.pattern(&kind.properties.pattern()),
                    binds: !kind.properties.is_empty(),
                    body: kind.properties.visits(krate, key, &all),
                }
            }
            Form::Wrapping(ty) => {
                let span = span_of(ty);
                self.delegate(&quote_spanned!(span=> <#ty as #krate::Properties>::visit_properties(inner, visitor)))
            }
        }
    }

    /// `Event::name`.
    pub(super) fn name(&self, krate: &CratePath) -> Arm {
        match &self.form {
            Form::Named(kind) => {
                let name = &kind.name;
                self.constant(kind, quote_spanned!(Span::mixed_site()=> #name))
            }
            Form::Wrapping(ty) => self.delegate(&quote_spanned!(span_of(ty)=> <#ty as #krate::Event>::name(inner))),
        }
    }

    /// `Event::description`.
    pub(super) fn description(&self, krate: &CratePath) -> Arm {
        match &self.form {
            Form::Named(kind) => {
                let constant = &kind.constant;
                let description = quote_spanned! {Span::mixed_site()=>
                    ::core::option::Option::Some(Self::#constant.description())
                };
                self.constant(kind, description)
            }
            Form::Wrapping(ty) => {
                self.delegate(&quote_spanned!(span_of(ty)=> <#ty as #krate::Event>::description(inner)))
            }
        }
    }

    /// `Event::lane`.
    pub(super) fn lane(&self, krate: &CratePath) -> Arm {
        match &self.form {
            Form::Named(kind) => {
                let constant = &kind.constant;
                self.constant(kind, quote_spanned!(Span::mixed_site()=> Self::#constant.description().lane()))
            }
            Form::Wrapping(ty) => self.delegate(&quote_spanned!(span_of(ty)=> <#ty as #krate::Event>::lane(inner))),
        }
    }

    pub(super) fn is_wrapping(&self) -> bool {
        matches!(self.form, Form::Wrapping(_))
    }

    /// What must hold for the type parameters: `inner` for a wrapped event.
    pub(super) fn bounds(&self, krate: &CratePath, inner: &Path, generics: &Generics) -> Vec<WherePredicate> {
        match &self.form {
            Form::Named(kind) => kind.properties.bounds(krate, generics),
            Form::Wrapping(ty) if mentions_parameter(ty, generics) => vec![parse_quote!(#ty: #inner)],
            Form::Wrapping(_) => Vec::new(),
        }
    }

    fn constant(&self, kind: &Kind, body: TokenStream) -> Arm {
        Arm { pattern: self.pattern(&kind.properties.pattern_without_bindings()), binds: false, body }
    }

    fn delegate(&self, call: &TokenStream) -> Arm {
        let span = Span::mixed_site();
        Arm { pattern: self.pattern(&quote_spanned!(span=> (inner))), binds: true, body: call.clone() }
    }

    fn pattern(&self, fields: &TokenStream) -> TokenStream {
        let span = Span::mixed_site();
        let variant = self.variant.as_ref().map(|variant| quote_spanned!(span=> ::#variant));
        quote_spanned!(span=> Self #variant #fields)
    }
}

/// Where a complaint about the wrapped type should point.
fn span_of(ty: &Type) -> Span {
    ty.span().resolved_at(Span::mixed_site())
}
