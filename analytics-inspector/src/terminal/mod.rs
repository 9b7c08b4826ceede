//! Text from elsewhere on a terminal or in a log: nothing in it is obeyed, nothing in it is unseen, and a line has an
//! end.
//!
//! [`ReceivedEvent`](crate::ReceivedEvent) writes itself that way. Who prints other things that were received, such as
//! the reason of a refusal or a header, passes them through [`line()`].

mod bounded;
mod escape;
mod json;

pub use self::bounded::{MAX_LINE_BYTES, line};
pub use self::json::json_line;

pub(crate) use self::bounded::BoundedLine;
