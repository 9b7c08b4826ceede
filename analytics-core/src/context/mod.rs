//! What is known of the circumstances in which something happened.

mod flags;
mod trace;

pub use self::flags::{FlagValue, Flags};
pub use self::trace::{InvalidTrace, SpanId, TraceContext, TraceId};

/// A circumstance in which something happened, which every backend spells in words of its own.
///
/// It is no property: an event may have one of the same name. [`Record::visit_context`](crate::Record::visit_context)
/// shows it under the key that [`as_str`](Self::as_str) names. All are texts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub enum ContextKey {
    /// The client's session, as its front end numbers them.
    SessionId,
    /// The window or tab of that session.
    WindowId,
    /// The client's address.
    ClientIp,
    /// The program that the client says it is.
    UserAgent,
    /// The distributed trace that it belongs to: 32 hexadecimal digits.
    TraceId,
    /// The span of that trace: 16 hexadecimal digits.
    SpanId,
}

analytics_rules::keywords! {
    ContextKey {
        SessionId = "session_id",
        WindowId = "window_id",
        ClientIp = "client_ip",
        UserAgent = "user_agent",
        TraceId = "trace_id",
        SpanId = "span_id",
    }
}
