//! `Option`, recognised by how it is written.

use syn::{GenericArgument, PathArguments, Type};

/// The `T` of a type that is written `Option<T>`, under whatever path.
pub(super) fn inside_option(ty: &Type) -> Option<&Type> {
    let path = match ty {
        Type::Path(ty) if ty.qself.is_none() => &ty.path,
        Type::Group(group) => return inside_option(&group.elem),
        _ => return None,
    };
    let segment = path.segments.last().filter(|segment| segment.ident == "Option")?;
    let PathArguments::AngleBracketed(arguments) = &segment.arguments else { return None };
    match arguments.args.first()? {
        GenericArgument::Type(inside) if arguments.args.len() == 1 => Some(inside),
        _ => None,
    }
}
