//! Doc comments, as the descriptions carry them.

use syn::{Attribute, Expr, ExprLit, Lit, Meta};

/// The doc comment among `attributes`, its lines joined; empty if there is none.
pub(crate) fn documentation(attributes: &[Attribute]) -> String {
    let comments: Vec<String> = attributes.iter().filter_map(comment).collect();
    comments.join("\n").trim().to_owned()
}

/// The text of a `///` line, or of a `/** */` block without the stars at its left.
fn comment(attribute: &Attribute) -> Option<String> {
    let Meta::NameValue(doc) = &attribute.meta else { return None };
    let Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) = &doc.value else { return None };
    if !doc.path.is_ident("doc") {
        return None;
    }
    let text = text.value();
    let is_block = text.contains('\n');
    let lines = text.lines().map(|line| {
        let line = if is_block { line.trim_start().trim_start_matches('*') } else { line };
        line.strip_prefix(' ').unwrap_or(line).trim_end()
    });
    Some(lines.collect::<Vec<_>>().join("\n"))
}
