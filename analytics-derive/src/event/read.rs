//! What the derive is told, held against the rules.

use std::collections::HashMap;

use proc_macro2::{Ident, Span};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Attribute, Data, DataEnum, DeriveInput, Fields, Generics, Result, Type};

use super::EventType;
use super::case::{Case, Form};
use super::kind::Kind;
use crate::attributes::{AttributePosition, Attributes, Lane, Names, documentation};
use crate::errors::Errors;
use crate::names::{check_event_name, check_verbatim_name, screaming_snake_case, snake_case};
use crate::path::CratePath;
use crate::properties::PropertyList;

impl<'a> EventType<'a> {
    pub(super) fn read(input: &'a DeriveInput) -> Result<Self> {
        let mut errors = Errors::default();
        let (krate, cases) = match &input.data {
            Data::Struct(data) => read_struct(input, &data.fields, &mut errors),
            Data::Enum(data) => read_enum(input, data, &mut errors),
            Data::Union(data) => {
                let message = "a union cannot be an event, because nobody knows which field is set: use an enum";
                errors.at(data.union_token.span(), message);
                (CratePath::new(None), Vec::new())
            }
        };
        errors.finish()?;
        Ok(Self { krate, vis: &input.vis, ident: &input.ident, generics: &input.generics, cases })
    }
}

fn read_struct(input: &DeriveInput, fields: &Fields, errors: &mut Errors) -> (CratePath, Vec<Case>) {
    let place = if wraps(fields) { &AttributePosition::WRAPPING_STRUCT } else { &AttributePosition::EVENT_STRUCT };
    let mut attributes = Attributes::read(&input.attrs, place, errors);
    let krate = CratePath::new(attributes.krate.take().map(|krate| krate.value));
    let source = Source { ident: &input.ident, attrs: &input.attrs, fields, variant: None, generics: &input.generics };
    let constant = Ident::new("EVENT", Span::call_site());
    let case = source.read(attributes, constant, errors);
    (krate, case.into_iter().collect())
}

fn read_enum(input: &DeriveInput, data: &DataEnum, errors: &mut Errors) -> (CratePath, Vec<Case>) {
    let on_enum = Attributes::read(&input.attrs, &AttributePosition::EVENT_ENUM, errors);
    if data.variants.is_empty() {
        errors.at(
            input.ident.span(),
            "an enum of events needs a variant, such as `#[event(name = \"order_placed\")] OrderPlaced`",
        );
    }
    let mut cases = Vec::new();
    for variant in &data.variants {
        let place = if wraps(&variant.fields) {
            &AttributePosition::WRAPPING_VARIANT
        } else {
            &AttributePosition::EVENT_VARIANT
        };
        let mut attributes = Attributes::read(&variant.attrs, place, errors);
        attributes.critical = attributes.critical.or(on_enum.critical.clone());
        attributes.lane = attributes.lane.or(on_enum.lane.clone());
        attributes.may_be_verbatim |= match &on_enum.names {
            Some(names) => names.value == Names::Verbatim,
            None => on_enum.may_be_verbatim,
        };
        let name = screaming_snake_case(&variant.ident.unraw().to_string());
        let constant = Ident::new(&name, variant.ident.span().resolved_at(Span::call_site()));
        let source = Source {
            ident: &variant.ident,
            attrs: &variant.attrs,
            fields: &variant.fields,
            variant: Some(&variant.ident),
            generics: &input.generics,
        };
        cases.extend(source.read(attributes, constant, errors));
    }
    check_apart(&cases, data, errors);
    (CratePath::new(on_enum.krate.map(|krate| krate.value)), cases)
}

/// Refuses two variants with one name, and constants that are named like something else.
fn check_apart(cases: &[Case], data: &DataEnum, errors: &mut Errors) {
    let mut names: HashMap<&str, &Ident> = HashMap::new();
    let mut constants: HashMap<&Ident, &Ident> = HashMap::new();
    for (variant, kind) in cases.iter().filter_map(|case| Some((case.variant.as_ref()?, case.kind()?))) {
        if let Some(first) = names.insert(&kind.name, variant) {
            let message = format!("`{}` is already the name of `{first}`: every kind of event has its own", kind.name);
            errors.at(kind.name_span, message);
        }
        let constant = &kind.constant;
        if let Some(first) = constants.insert(constant, variant) {
            let message = format!("`{variant}` and `{first}` both have the constant `{constant}`: rename one of them");
            errors.at(variant.span(), message);
        }
        if data.variants.iter().any(|variant| variant.ident == *constant) {
            let message = format!(
                "this variant's constant would be `{constant}`, which is a variant: \
                 rename the variant to something with a small letter, such as `{constant}Clicked`"
            );
            errors.at(variant.span(), message);
        }
    }
}

/// A struct or a variant, as it is written.
struct Source<'a> {
    ident: &'a Ident,
    attrs: &'a [Attribute],
    fields: &'a Fields,
    variant: Option<&'a Ident>,
    generics: &'a Generics,
}

impl Source<'_> {
    fn read(&self, attributes: Attributes, constant: Ident, errors: &mut Errors) -> Option<Case> {
        let form = match wrapped(self.fields, errors) {
            Some(ty) => Form::Wrapping(Box::new(ty.clone())),
            None => Form::Named(Box::new(self.kind(attributes, constant, errors)?)),
        };
        Some(Case { variant: self.variant.cloned(), form })
    }

    fn kind(&self, attributes: Attributes, constant: Ident, errors: &mut Errors) -> Option<Kind> {
        if let Fields::Unnamed(fields) = self.fields {
            let message = if fields.unnamed.is_empty() {
                "write it without parentheses: an event without properties has no fields"
            } else {
                "properties have names: use named fields, `{ order_id: u64, items: u32 }`, or wrap exactly one event"
            };
            errors.at(fields.span(), message);
            return None;
        }
        let properties = PropertyList::read(self.fields, self.generics, errors);
        let lane = attributes.lane.map(|lane| lane.value);
        let Some(name) = attributes.name else {
            if !attributes.has_errors {
                let proposal = snake_case(&self.ident.unraw().to_string());
                let message = format!(
                    "an event needs a name that does not change with the code: `#[event(name = \"{proposal}\")]`"
                );
                errors.at(self.ident.span(), message);
            }
            return None;
        };
        let in_ai_lane = lane == Some(Lane::Ai);
        errors.take(if attributes.may_be_verbatim {
            check_verbatim_name(&name.value, in_ai_lane)
        } else {
            check_event_name(&name.value, in_ai_lane)
        });
        Some(Kind {
            constant,
            name: name.value.value(),
            name_span: name.value.span(),
            doc: documentation(self.attrs),
            lane,
            critical: attributes.critical.is_some(),
            properties,
        })
    }
}

fn wraps(fields: &Fields) -> bool {
    matches!(fields, Fields::Unnamed(fields) if fields.unnamed.len() == 1)
}

/// The type of the one field without a name.
fn wrapped<'f>(fields: &'f Fields, errors: &mut Errors) -> Option<&'f Type> {
    let field = fields.iter().next().filter(|_| wraps(fields))?;
    Attributes::read(&field.attrs, &AttributePosition::WRAPPED_FIELD, errors);
    Some(&field.ty)
}
