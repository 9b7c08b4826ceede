//! What a value has to be read as.

use chrono::{DateTime, Utc};

use crate::decoded::Decoded;
use crate::json::{JsonTree, VARIANT};
use crate::tree::{Members, Tree};

/// A value as it has to be read.
#[derive(Debug)]
pub enum Node {
    Null,
    Bool(bool),
    Signed(i128),
    Unsigned(u128),
    F32(f32),
    F64(f64),
    Text(String),
    List(Vec<Node>),
    Object(Vec<(String, Node)>),
}

/// Why a value is not written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unwritten {
    /// It costs the property.
    NotFinite,
    /// It costs the event.
    TooDeep,
}

/// Lists and objects inside one another, at most.
pub const LEVELS: u32 = 64;

impl Node {
    /// What `tree` has to be read as, where this many levels are left.
    pub fn of(tree: &Tree, levels: u32) -> Result<Self, Unwritten> {
        Ok(match tree {
            Tree::Null => Self::Null,
            Tree::Bool(value) => Self::Bool(*value),
            Tree::I64(number) => Self::Signed((*number).into()),
            Tree::U64(number) => Self::Unsigned((*number).into()),
            Tree::I128(number) => Self::Signed(*number),
            Tree::U128(number) => Self::Unsigned(*number),
            Tree::F32(number) => Self::F32(finite(*number, number.is_finite())?),
            Tree::F64(number) => Self::F64(finite(*number, number.is_finite())?),
            Tree::Str(text) | Tree::Display(text) => Self::Text(text.0.clone()),
            Tree::Time(at) => Self::Text(DateTime::<Utc>::from(*at).format("%Y-%m-%dT%H:%M:%S%.3fZ").to_string()),
            Tree::List(items) => {
                let levels = below(levels)?;
                Self::List(items.iter().map(|item| Self::of(item, levels)).collect::<Result<_, _>>()?)
            }
            Tree::Object(Members(members)) => {
                let levels = below(levels)?;
                let member = |(key, value): &(crate::text::Text, Tree)| Ok((key.0.clone(), Self::of(value, levels)?));
                Self::Object(members.iter().map(member).collect::<Result<_, _>>()?)
            }
            Tree::Json(json) => Self::of_json(&json.0, levels)?,
        })
    }

    fn of_json(tree: &JsonTree, levels: u32) -> Result<Self, Unwritten> {
        Ok(match tree {
            JsonTree::Unit => Self::Null,
            JsonTree::Bool(value) => Self::Bool(*value),
            JsonTree::I64(number) => Self::Signed((*number).into()),
            JsonTree::U128(number) => Self::Unsigned(*number),
            JsonTree::F32(number) => Self::F32(finite(*number, number.is_finite())?),
            JsonTree::F64(number) => Self::F64(finite(*number, number.is_finite())?),
            JsonTree::Text(text) => Self::Text(text.0.clone()),
            JsonTree::Char(character) => Self::Text(character.to_string()),
            JsonTree::UnitVariant => Self::Text(VARIANT.to_owned()),
            JsonTree::Some(inner) | JsonTree::Newtype(inner) => Self::of_json(inner, levels)?,
            JsonTree::Bytes(bytes) => {
                below(levels)?;
                Self::List(bytes.iter().map(|byte| Self::Unsigned((*byte).into())).collect())
            }
            JsonTree::Seq(items) => {
                let levels = below(levels)?;
                Self::List(items.iter().map(|item| Self::of_json(item, levels)).collect::<Result<_, _>>()?)
            }
            JsonTree::Map(members) => {
                let levels = below(levels)?;
                let member = |(key, value): &(crate::json::JsonKey, JsonTree)| {
                    Ok((key.spelling(), Self::of_json(value, levels)?))
                };
                Self::Object(members.iter().map(member).collect::<Result<_, _>>()?)
            }
            JsonTree::NewtypeVariant(inner) => {
                Self::Object(vec![(VARIANT.to_owned(), Self::of_json(inner, below(levels)?)?)])
            }
        })
    }

    /// Whether it was read as what it is, to the last bit.
    pub fn is(&self, decoded: &Decoded) -> bool {
        match (self, decoded) {
            (Self::Null, Decoded::Null) => true,
            (Self::Bool(value), Decoded::Bool(read)) => value == read,
            (Self::Signed(number), Decoded::Integer(digits)) => number.to_string() == *digits,
            (Self::Unsigned(number), Decoded::Integer(digits)) => number.to_string() == *digits,
            // A decoder for which whole numbers end at 64 bits.
            (Self::Signed(number), Decoded::Float(read)) => i64::try_from(*number).is_err() && *number as f64 == *read,
            (Self::Unsigned(number), Decoded::Float(read)) => {
                u64::try_from(*number).is_err() && *number as f64 == *read
            }
            (Self::F32(number), Decoded::Float(read)) => number.to_bits() == (*read as f32).to_bits(),
            (Self::F64(number), Decoded::Float(read)) => number.to_bits() == read.to_bits(),
            (Self::Text(text), Decoded::Text(read)) => text == read,
            (Self::List(items), Decoded::List(read)) => {
                items.len() == read.len() && items.iter().zip(read).all(|(item, read)| item.is(read))
            }
            (Self::Object(members), Decoded::Object(read)) => {
                members.len() == read.len()
                    && members.iter().all(|(key, value)| decoded.get(key).is_some_and(|read| value.is(read)))
            }
            _ => false,
        }
    }
}

fn finite<T>(number: T, is_finite: bool) -> Result<T, Unwritten> {
    if is_finite { Ok(number) } else { Err(Unwritten::NotFinite) }
}

fn below(levels: u32) -> Result<u32, Unwritten> {
    levels.checked_sub(1).ok_or(Unwritten::TooDeep)
}
