//! The two clients, as a program has them.

mod official;
mod ours;

pub use self::official::posthog_rs;
pub use self::ours::ours;

use crate::message::Message;

/// The project's key: any will do for a server that has no projects.
const KEY: &str = "phc_benchmark";

/// A client in use.
pub trait Client {
    /// Captures one event, as a handler of a request would.
    fn capture(&self, message: &Message);

    /// Waits until the events that were captured are sent, as far as the client does.
    fn flush(&self);

    /// Ends the client, as a program does before it exits.
    fn shutdown(&self);
}
