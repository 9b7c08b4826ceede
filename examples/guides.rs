//! The guides whose Rust is compiled and run as documentation tests. That of `guide.md` is one program, and compared
//! with it in `tests/it/guides.rs`.

#[doc = include_str!("../docs/migrating.md")]
mod migrating {}

#[doc = include_str!("../docs/requests.md")]
mod requests {}

#[doc = include_str!("../docs/writing-a-sink.md")]
mod writing_a_sink {}
