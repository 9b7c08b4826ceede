//! Text from elsewhere on a terminal or in a log: nothing in it is obeyed, nothing in it is unseen, and a line has an
//! end.
//!
//! [`ReceivedEvent`](crate::ReceivedEvent) writes itself that way. Who prints other things that were received, such as
//! the reason of a refusal or a header, passes them through [`line()`].

mod json;
mod line;

pub use self::json::json_line;
pub use self::line::{MAX_LINE_BYTES, line};

pub(crate) use self::line::write_line;
