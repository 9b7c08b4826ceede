//! Values of every kind.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use analytics_core::{Json, Key, Properties, PropertyType, PropertyValue, PropertyVisitor, Value};
use arbitrary::{Arbitrary, Result, Unstructured};

use crate::json::JsonTree;
use crate::lists::{once, several};
use crate::text::Text;

/// More than an event may have, less than a decoder gives up at.
const DEPTH: u32 = 70;

/// 1970-01-01 to 9999-12-31, the moments that have a name.
const LAST_MILLISECOND: u64 = 253_402_300_799_999;

/// A property's value.
#[derive(Debug)]
pub enum Tree {
    Null,
    Bool(bool),
    I64(i64),
    U64(u64),
    I128(i128),
    U128(u128),
    F32(f32),
    F64(f64),
    Str(Text),
    Display(Text),
    Time(SystemTime),
    List(Vec<Tree>),
    Object(Members),
    Json(Json<JsonTree>),
}

/// Keys and values, no key twice.
#[derive(Debug)]
pub struct Members(pub Vec<(Text, Tree)>);

impl Tree {
    fn below(u: &mut Unstructured<'_>, depth: u32) -> Result<Self> {
        Ok(match u.int_in_range(0..=if depth == 0 { 10 } else { 14 })? {
            0 => Self::Null,
            1 => Self::Bool(u.arbitrary()?),
            2 => Self::I64(u.arbitrary()?),
            3 => Self::U64(u.arbitrary()?),
            4 => Self::I128(u.arbitrary()?),
            5 => Self::U128(u.arbitrary()?),
            6 => Self::F32(u.arbitrary()?),
            7 => Self::F64(u.arbitrary()?),
            8 => Self::Str(u.arbitrary()?),
            9 => Self::Display(u.arbitrary()?),
            10 => Self::Time(moment(u)?),
            11 => Self::List(several(u, |u| Self::below(u, depth - 1))?),
            12 => Self::Object(Members::below(u, depth - 1)?),
            13 => Self::Json(Json(JsonTree::below(u, depth - 1)?)),
            // A chain, which else seldom gets deep.
            _ => {
                let levels = u.int_in_range(1..=depth)?;
                (0..levels).try_fold(Self::below(u, 0)?, |inner, _| Ok(Self::List(vec![inner])))?
            }
        })
    }
}

impl<'a> Arbitrary<'a> for Tree {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::below(u, DEPTH)
    }
}

impl Members {
    fn below(u: &mut Unstructured<'_>, depth: u32) -> Result<Self> {
        Ok(Self(once(several(u, |u| Ok((u.arbitrary()?, Tree::below(u, depth)?)))?)))
    }
}

impl<'a> Arbitrary<'a> for Members {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Self::below(u, DEPTH)
    }
}

/// A moment that has a name.
pub fn moment(u: &mut Unstructured<'_>) -> Result<SystemTime> {
    Ok(UNIX_EPOCH + Duration::from_millis(u.int_in_range(0..=LAST_MILLISECOND)?))
}

impl PropertyValue for Tree {
    const TYPE: PropertyType = PropertyType::Any;

    fn value(&self) -> Option<Value<'_>> {
        Some(match self {
            Self::Null => Value::Null,
            Self::Bool(value) => Value::Bool(*value),
            Self::I64(value) => Value::I64(*value),
            Self::U64(value) => Value::U64(*value),
            Self::I128(value) => Value::I128(*value),
            Self::U128(value) => Value::U128(*value),
            Self::F32(value) => Value::F32(*value),
            Self::F64(value) => Value::F64(*value),
            Self::Str(text) => Value::Str(&text.0),
            Self::Display(text) => Value::Display(text),
            Self::Time(at) => Value::Time(*at),
            Self::List(list) => Value::List(list),
            Self::Object(members) => Value::Object(members),
            Self::Json(json) => Value::Json(json),
        })
    }
}

impl Properties for Members {
    fn visit_properties(&self, visitor: &mut dyn PropertyVisitor) {
        for (key, value) in &self.0 {
            visitor.value(&Key::new(&key.0), Value::from(value));
        }
    }
}
