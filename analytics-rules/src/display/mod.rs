//! How text from outside and errors are shown: in a log, on a terminal, in another error.

mod error;
mod escape;
mod one_line;

pub use self::error::{error_chain, root_cause};
pub use self::escape::{EscapedChar, Escaper, is_hidden};
pub use self::one_line::{LineWriter, OneLine};
