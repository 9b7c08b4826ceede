//! What was received: events and requests.

mod event;
mod json_text;
mod line;
mod request;

pub use self::event::ReceivedEvent;
pub use self::request::ReceivedRequest;
