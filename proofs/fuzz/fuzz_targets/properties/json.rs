//! Values that serialize themselves, in every form that `serde` knows.

use arbitrary::{Arbitrary, Result, Unstructured};
use serde::ser::{Serialize, Serializer};

use crate::lists::{once, several};
use crate::text::Text;

/// A value behind `Json`.
#[derive(Debug)]
pub enum JsonTree {
    Unit,
    Bool(bool),
    I64(i64),
    U128(u128),
    F32(f32),
    F64(f64),
    Text(Text),
    Char(char),
    Bytes(Vec<u8>),
    Some(Box<JsonTree>),
    Newtype(Box<JsonTree>),
    Seq(Vec<JsonTree>),
    /// No two keys have one spelling.
    Map(Vec<(JsonKey, JsonTree)>),
    UnitVariant,
    NewtypeVariant(Box<JsonTree>),
}

/// The name of the variants.
pub const VARIANT: &str = "a \"variant\"";

/// A map's key.
#[derive(Debug, Arbitrary)]
pub enum JsonKey {
    Text(Text),
    I64(i64),
    Bool(bool),
    Char(char),
}

impl JsonTree {
    pub fn below(u: &mut Unstructured<'_>, depth: u32) -> Result<Self> {
        let boxed = |u: &mut Unstructured<'_>| Ok(Box::new(Self::below(u, depth - 1)?));
        Ok(match u.int_in_range(0..=if depth == 0 { 9 } else { 14 })? {
            0 => Self::Unit,
            1 => Self::Bool(u.arbitrary()?),
            2 => Self::I64(u.arbitrary()?),
            3 => Self::U128(u.arbitrary()?),
            4 => Self::F32(u.arbitrary()?),
            5 => Self::F64(u.arbitrary()?),
            6 => Self::Text(u.arbitrary()?),
            7 => Self::Char(u.arbitrary()?),
            8 => Self::Bytes(u.arbitrary::<&[u8]>()?.iter().copied().take(20).collect()),
            9 => Self::UnitVariant,
            10 => Self::Some(boxed(u)?),
            11 => Self::Newtype(boxed(u)?),
            12 => Self::Seq(several(u, |u| Self::below(u, depth - 1))?),
            13 => {
                let pairs = several(u, |u| Ok((u.arbitrary::<JsonKey>()?, Self::below(u, depth - 1)?)))?;
                let spelled = pairs.into_iter().map(|(key, value)| (key.spelling(), (key, value))).collect();
                Self::Map(once(spelled).into_iter().map(|(_, pair)| pair).collect())
            }
            _ => Self::NewtypeVariant(boxed(u)?),
        })
    }
}

impl JsonKey {
    /// The key as it is read back.
    pub fn spelling(&self) -> String {
        match self {
            Self::Text(text) => text.0.clone(),
            Self::I64(number) => number.to_string(),
            Self::Bool(value) => value.to_string(),
            Self::Char(character) => character.to_string(),
        }
    }
}

impl Serialize for JsonTree {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Unit => serializer.serialize_unit(),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::I64(value) => serializer.serialize_i64(*value),
            Self::U128(value) => serializer.serialize_u128(*value),
            Self::F32(value) => serializer.serialize_f32(*value),
            Self::F64(value) => serializer.serialize_f64(*value),
            Self::Text(text) => serializer.collect_str(text),
            Self::Char(character) => serializer.serialize_char(*character),
            Self::Bytes(bytes) => serializer.serialize_bytes(bytes),
            Self::Some(inner) => serializer.serialize_some(inner),
            Self::Newtype(inner) => serializer.serialize_newtype_struct("Newtype", inner),
            Self::Seq(items) => serializer.collect_seq(items),
            Self::Map(members) => serializer.collect_map(members.iter().map(|(key, value)| (key, value))),
            Self::UnitVariant => serializer.serialize_unit_variant("Enum", 0, VARIANT),
            Self::NewtypeVariant(inner) => serializer.serialize_newtype_variant("Enum", 1, VARIANT, inner),
        }
    }
}

impl Serialize for JsonKey {
    fn serialize<S: Serializer>(&self, serializer: S) -> std::result::Result<S::Ok, S::Error> {
        match self {
            Self::Text(text) => serializer.serialize_str(&text.0),
            Self::I64(number) => serializer.serialize_i64(*number),
            Self::Bool(value) => serializer.serialize_bool(*value),
            Self::Char(character) => serializer.serialize_char(*character),
        }
    }
}
