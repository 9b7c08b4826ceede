//! What was received: events and requests.

mod event;
mod filter;
mod json_text;
mod line;
mod request;

pub use self::event::ReceivedEvent;
pub(crate) use self::filter::EventFilter;
pub use self::request::ReceivedRequest;
