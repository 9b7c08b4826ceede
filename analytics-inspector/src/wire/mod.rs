//! A connection below HTTP: what a handler asks of it that HTTP cannot express.

mod answer;
mod order;

pub(crate) use self::answer::{Ending, RawAnswer};
pub(crate) use self::order::{Order, Wire};
