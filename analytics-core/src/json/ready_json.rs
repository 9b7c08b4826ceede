//! What a `Serialize` hands over as ready JSON: a text, and nothing else.

use std::fmt;

use serde::ser::{Impossible, Serialize, Serializer};

use super::{JsonError, JsonWriter, reader};

/// Takes one text, reads it as JSON and writes it anew.
pub(super) struct ReadyJson<'w, 'o>(pub(super) &'w mut JsonWriter<'o>);

type None = Impossible<(), JsonError>;
type Result<T = ()> = std::result::Result<T, JsonError>;

fn refused<T>() -> Result<T> {
    Err(JsonError::Failed("what was called ready JSON is no text".to_owned()))
}

macro_rules! refuses {
    ($($method:ident($($argument:ty),*) -> $output:ty;)*) => { $(
        fn $method(self, $(_: $argument),*) -> Result<$output> {
            refused()
        }
    )* };
}

impl Serializer for ReadyJson<'_, '_> {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = None;
    type SerializeTuple = None;
    type SerializeTupleStruct = None;
    type SerializeTupleVariant = None;
    type SerializeMap = None;
    type SerializeStruct = None;
    type SerializeStructVariant = None;

    fn serialize_str(self, json: &str) -> Result {
        reader::rewrite(json, self.0)
    }

    fn collect_str<T: fmt::Display + ?Sized>(self, _value: &T) -> Result {
        refused()
    }

    fn serialize_some<T: Serialize + ?Sized>(self, _value: &T) -> Result {
        refused()
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, _value: &T) -> Result {
        refused()
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        _variant: &'static str,
        _value: &T,
    ) -> Result {
        refused()
    }

    refuses! {
        serialize_bool(bool) -> ();
        serialize_i8(i8) -> ();
        serialize_i16(i16) -> ();
        serialize_i32(i32) -> ();
        serialize_i64(i64) -> ();
        serialize_u8(u8) -> ();
        serialize_u16(u16) -> ();
        serialize_u32(u32) -> ();
        serialize_u64(u64) -> ();
        serialize_f32(f32) -> ();
        serialize_f64(f64) -> ();
        serialize_char(char) -> ();
        serialize_bytes(&[u8]) -> ();
        serialize_none() -> ();
        serialize_unit() -> ();
        serialize_unit_struct(&'static str) -> ();
        serialize_unit_variant(&'static str, u32, &'static str) -> ();
        serialize_seq(Option<usize>) -> None;
        serialize_tuple(usize) -> None;
        serialize_tuple_struct(&'static str, usize) -> None;
        serialize_tuple_variant(&'static str, u32, &'static str, usize) -> None;
        serialize_map(Option<usize>) -> None;
        serialize_struct(&'static str, usize) -> None;
        serialize_struct_variant(&'static str, u32, &'static str, usize) -> None;
    }
}
