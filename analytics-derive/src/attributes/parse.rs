//! One setting of `#[event(...)]`.

use proc_macro2::TokenTree;
use syn::meta::ParseNestedMeta;
use syn::spanned::Spanned;
use syn::{Error, LitStr, Path, Result, Token, token};

use super::{AttributePosition, Attributes, Given};
use crate::errors::Errors;

impl Attributes {
    /// Reads one setting. What is merely wrong goes to `errors`, so that the settings after it are read as
    /// well; only what cannot be parsed ends the list.
    pub(super) fn setting(
        &mut self,
        meta: &ParseNestedMeta<'_>,
        place: &AttributePosition,
        errors: &mut Errors,
    ) -> Result<()> {
        let setting = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        if matches!(setting.as_str(), "verbatim" | "names") {
            self.may_be_verbatim = true;
        }
        if !place.allows(&setting) {
            errors.at(meta.path.span(), place.refusal(&setting));
            self.has_errors = true;
            return skip_value(meta);
        }
        match setting.as_str() {
            "name" => set(&mut self.name, meta, string(meta)?, errors),
            "verbatim" => set(&mut self.verbatim, meta, flag(meta)?, errors),
            "names" => set(&mut self.names, meta, string(meta)?.try_into()?, errors),
            "crate" => set(&mut self.krate, meta, crate_path(meta)?, errors),
            "critical" => set(&mut self.critical, meta, flag(meta)?, errors),
            "lane" => set(&mut self.lane, meta, string(meta)?.try_into()?, errors),
            "rename" => set(&mut self.rename, meta, string(meta)?, errors),
            "skip" => set(&mut self.skip, meta, flag(meta)?, errors),
            "with" => set(&mut self.with, meta, function(meta)?, errors),
            "display" => set(&mut self.display, meta, flag(meta)?, errors),
            "flatten" => set(&mut self.flatten, meta, flag(meta)?, errors),
            "prefix" => set(&mut self.prefix, meta, string(meta)?, errors),
            "unit" => set(&mut self.unit, meta, string(meta)?.try_into()?, errors),
            "privacy" => set(&mut self.privacy, meta, string(meta)?.try_into()?, errors),
            _ => return skip_value(meta),
        }
        Ok(())
    }
}

fn set<T>(slot: &mut Option<Given<T>>, meta: &ParseNestedMeta<'_>, value: T, errors: &mut Errors) {
    let span = meta.path.span();
    if slot.is_some() {
        let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
        errors.at(span, format!("`{name}` is given twice: keep one of them"));
    } else {
        *slot = Some(Given { value, span });
    }
}

fn string(meta: &ParseNestedMeta<'_>) -> Result<LitStr> {
    let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
    let expected = format!("`{name}` takes a string: `{name} = \"...\"`");
    let value = meta.value().map_err(|error| Error::new(error.span(), &expected))?;
    value.parse().map_err(|error| Error::new(error.span(), &expected))
}

fn crate_path(meta: &ParseNestedMeta<'_>) -> Result<Path> {
    let literal = string(meta)?;
    literal.parse().map_err(|_| {
        Error::new(
            literal.span(),
            "`crate` takes the path of `analytics_core` here: `crate = \"my_crate::analytics_core\"`",
        )
    })
}

fn function(meta: &ParseNestedMeta<'_>) -> Result<Path> {
    let expected = "`with` takes the path of a function, without quotes: `with = masked`";
    let value = meta.value().map_err(|error| Error::new(error.span(), expected))?;
    value.parse().map_err(|error| Error::new(error.span(), expected))
}

fn flag(meta: &ParseNestedMeta<'_>) -> Result<()> {
    if meta.input.is_empty() || meta.input.peek(Token![,]) {
        return Ok(());
    }
    let name = meta.path.get_ident().map(ToString::to_string).unwrap_or_default();
    Err(meta.input.error(format!("`{name}` takes no value: `#[event({name})]`")))
}

/// Passes over the value of a setting that was refused.
fn skip_value(meta: &ParseNestedMeta<'_>) -> Result<()> {
    if meta.input.peek(Token![=]) || meta.input.peek(token::Paren) {
        while !meta.input.is_empty() && !meta.input.peek(Token![,]) {
            meta.input.parse::<TokenTree>()?;
        }
    }
    Ok(())
}
