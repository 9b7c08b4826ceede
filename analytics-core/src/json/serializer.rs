//! `serde` on top of the limited writer.
//!
//! The forms are those of `serde_json`: a unit variant is its name, any other variant an object with one member.
//! What differs is what an event needs: depth and size are limited while writing, and NaN is an error.

use serde::ser::{self, Serialize};

use super::ready_json::ReadyJson;
use super::{JsonError, JsonWriter};

type Result<T = ()> = std::result::Result<T, JsonError>;

macro_rules! integers {
    ($($method:ident: $type:ty;)*) => { $(
        fn $method(self, value: $type) -> Result {
            self.integer(value)
        }
    )* };
}

impl<'w, 'o> ser::Serializer for &'w mut JsonWriter<'o> {
    type Ok = ();
    type Error = JsonError;
    type SerializeSeq = Compound<'w, 'o>;
    type SerializeTuple = Compound<'w, 'o>;
    type SerializeTupleStruct = Compound<'w, 'o>;
    type SerializeTupleVariant = Compound<'w, 'o>;
    type SerializeMap = Compound<'w, 'o>;
    type SerializeStruct = Compound<'w, 'o>;
    type SerializeStructVariant = Compound<'w, 'o>;

    integers! {
        serialize_i8: i8;
        serialize_i16: i16;
        serialize_i32: i32;
        serialize_i64: i64;
        serialize_i128: i128;
        serialize_u8: u8;
        serialize_u16: u16;
        serialize_u32: u32;
        serialize_u64: u64;
        serialize_u128: u128;
    }

    fn serialize_bool(self, value: bool) -> Result {
        self.raw(if value { "true" } else { "false" })
    }

    fn serialize_f32(self, value: f32) -> Result {
        self.float(value.is_finite(), &value)
    }

    fn serialize_f64(self, value: f64) -> Result {
        self.float(value.is_finite(), &value)
    }

    fn serialize_char(self, value: char) -> Result {
        self.string(value.encode_utf8(&mut [0; 4]))
    }

    fn serialize_str(self, value: &str) -> Result {
        self.string(value)
    }

    fn serialize_bytes(self, value: &[u8]) -> Result {
        value.serialize(self)
    }

    fn serialize_none(self) -> Result {
        self.raw("null")
    }

    fn serialize_some<T: Serialize + ?Sized>(self, value: &T) -> Result {
        self.wrapped(value)
    }

    fn serialize_unit(self) -> Result {
        self.raw("null")
    }

    fn serialize_unit_struct(self, _name: &'static str) -> Result {
        self.raw("null")
    }

    fn serialize_unit_variant(self, _name: &'static str, _index: u32, variant: &'static str) -> Result {
        self.string(variant)
    }

    fn serialize_newtype_struct<T: Serialize + ?Sized>(self, _name: &'static str, value: &T) -> Result {
        self.wrapped(value)
    }

    fn serialize_newtype_variant<T: Serialize + ?Sized>(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        value: &T,
    ) -> Result {
        self.open(b'{')?;
        self.string(variant)?;
        self.raw(":")?;
        value.serialize(&mut *self)?;
        self.close(b'}')
    }

    fn serialize_seq(self, _len: Option<usize>) -> Result<Self::SerializeSeq> {
        Compound::open(self, b'[')
    }

    fn serialize_tuple(self, _len: usize) -> Result<Self::SerializeTuple> {
        Compound::open(self, b'[')
    }

    fn serialize_tuple_struct(self, _name: &'static str, _len: usize) -> Result<Self::SerializeTupleStruct> {
        Compound::open(self, b'[')
    }

    fn serialize_tuple_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeTupleVariant> {
        Compound::open_variant(self, variant, b'[')
    }

    fn serialize_map(self, _len: Option<usize>) -> Result<Self::SerializeMap> {
        Compound::open(self, b'{')
    }

    fn serialize_struct(self, name: &'static str, _len: usize) -> Result<Self::SerializeStruct> {
        if READY_JSON.contains(&name) {
            return Ok(Compound { writer: self, bracket: b'{', first: true, form: Form::Ready });
        }
        Compound::open(self, b'{')
    }

    fn serialize_struct_variant(
        self,
        _name: &'static str,
        _index: u32,
        variant: &'static str,
        _len: usize,
    ) -> Result<Self::SerializeStructVariant> {
        Compound::open_variant(self, variant, b'{')
    }

    fn collect_str<T: std::fmt::Display + ?Sized>(self, value: &T) -> Result {
        self.display(&value)
    }
}

/// The names under which `serde_json` passes JSON that is ready: a number of arbitrary precision (where any crate of a
/// build switches that on) and a raw value.
const READY_JSON: [&str; 2] = ["$serde_json::private::Number", "$serde_json::private::RawValue"];

/// A list or an object that is being written.
#[derive(Debug)]
pub struct Compound<'w, 'o> {
    writer: &'w mut JsonWriter<'o>,
    bracket: u8,
    first: bool,
    form: Form,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Plain,
    /// Inside an object that names an enum's variant.
    Variant,
    /// Not an object at all: its one member is the JSON.
    Ready,
}

impl<'w, 'o> Compound<'w, 'o> {
    fn open(writer: &'w mut JsonWriter<'o>, bracket: u8) -> Result<Self> {
        writer.open(bracket)?;
        Ok(Self { writer, bracket, first: true, form: Form::Plain })
    }

    fn open_variant(writer: &'w mut JsonWriter<'o>, variant: &str, bracket: u8) -> Result<Self> {
        writer.open(b'{')?;
        writer.string(variant)?;
        writer.raw(":")?;
        Ok(Self { form: Form::Variant, ..Self::open(writer, bracket)? })
    }

    fn item<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        self.writer.separate(&mut self.first)?;
        value.serialize(&mut *self.writer)
    }

    fn member<T: Serialize + ?Sized>(&mut self, key: &str, value: &T) -> Result {
        if self.form == Form::Ready {
            if !std::mem::replace(&mut self.first, false) {
                return Err(JsonError::Failed("ready JSON of several parts".to_owned()));
            }
            return value.serialize(ReadyJson(&mut *self.writer));
        }
        self.writer.separate(&mut self.first)?;
        self.writer.string(key)?;
        self.writer.raw(":")?;
        value.serialize(&mut *self.writer)
    }

    fn finish(self) -> Result {
        if self.form == Form::Ready {
            return if self.first { Err(JsonError::Failed("ready JSON of no part".to_owned())) } else { Ok(()) };
        }
        self.writer.close(if self.bracket == b'[' { b']' } else { b'}' })?;
        if self.form == Form::Variant { self.writer.close(b'}') } else { Ok(()) }
    }
}

macro_rules! lists {
    ($($trait:ident $method:ident;)*) => { $(
        impl ser::$trait for Compound<'_, '_> {
            type Ok = ();
            type Error = JsonError;

            fn $method<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
                self.item(value)
            }

            fn end(self) -> Result {
                self.finish()
            }
        }
    )* };
}

lists! {
    SerializeSeq serialize_element;
    SerializeTuple serialize_element;
    SerializeTupleStruct serialize_field;
    SerializeTupleVariant serialize_field;
}

macro_rules! objects {
    ($($trait:ident)*) => { $(
        impl ser::$trait for Compound<'_, '_> {
            type Ok = ();
            type Error = JsonError;

            fn serialize_field<T: Serialize + ?Sized>(&mut self, key: &'static str, value: &T) -> Result {
                self.member(key, value)
            }

            fn end(self) -> Result {
                self.finish()
            }
        }
    )* };
}

objects!(SerializeStruct SerializeStructVariant);

impl ser::SerializeMap for Compound<'_, '_> {
    type Ok = ();
    type Error = JsonError;

    fn serialize_key<T: Serialize + ?Sized>(&mut self, key: &T) -> Result {
        self.writer.separate(&mut self.first)?;
        // A key is a string on the wire. Keys that are numbers or booleans are rare and short: they are
        // written as values and then put between quotes, as `serde_json` does.
        let before = self.writer.out.len();
        key.serialize(&mut *self.writer)?;
        match self.writer.out.get(before) {
            Some(b'"') => {}
            Some(b'{' | b'[' | b'n') | None => return Err(JsonError::Failed("a map's key must be a string".into())),
            Some(_) => {
                self.writer.out.insert(before, b'"');
                self.writer.raw("\"")?;
            }
        }
        self.writer.raw(":")
    }

    fn serialize_value<T: Serialize + ?Sized>(&mut self, value: &T) -> Result {
        value.serialize(&mut *self.writer)
    }

    fn end(self) -> Result {
        self.finish()
    }
}
