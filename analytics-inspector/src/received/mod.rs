//! What was received: events and requests.

mod contents;
mod event;
mod filter;
mod json_text;
mod line;
mod request;

pub(crate) use self::contents::{ContainedEvent, events_in};
pub use self::event::ReceivedEvent;
pub(crate) use self::filter::EventFilter;
pub(crate) use self::request::MAX_LOST;
pub use self::request::ReceivedRequest;
