//! The distributed trace that something belongs to.

use std::fmt;
use std::str::FromStr;

/// A distributed trace and a span of it, as [W3C Trace Context](https://www.w3.org/TR/trace-context/) numbers them.
///
/// ```
/// use analytics_core::TraceContext;
///
/// let trace: TraceContext = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01".parse().unwrap();
/// assert_eq!(trace.trace_id.to_string(), "0af7651916cd43dd8448eb211c80319c");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub struct TraceContext {
    /// The trace.
    pub trace_id: TraceId,
    /// The span.
    pub span_id: SpanId,
}

impl TraceContext {
    /// The span `span_id` of the trace `trace_id`.
    #[must_use]
    pub const fn new(trace_id: TraceId, span_id: SpanId) -> Self {
        Self { trace_id, span_id }
    }
}

/// A text is no trace context, or no id of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InvalidTrace;

impl fmt::Display for InvalidTrace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(
            "a trace id is 32 hexadecimal digits in lower case, a span id 16, neither all zero; a `traceparent` is \
             `00-{trace id}-{span id}-{2 digits}`",
        )
    }
}

impl std::error::Error for InvalidTrace {}

/// The value of a `traceparent` header. What a later version than 00 adds behind it is passed over, as the standard
/// wants it.
impl FromStr for TraceContext {
    type Err = InvalidTrace;

    fn from_str(text: &str) -> Result<Self, InvalidTrace> {
        let mut parts = text.splitn(5, '-');
        let mut part = || parts.next().ok_or(InvalidTrace);
        let [version] = digits(part()?)?;
        let (trace_id, span_id) = (part()?.parse()?, part()?.parse()?);
        let [_flags] = digits(part()?)?;
        // Version ff is forbidden, and 00 has four parts.
        let is_known = version != 0xff && (version > 0 || parts.next().is_none());
        if is_known { Ok(Self { trace_id, span_id }) } else { Err(InvalidTrace) }
    }
}

/// Reads hexadecimal digits in lower case, two for each byte.
fn digits<const N: usize>(text: &str) -> Result<[u8; N], InvalidTrace> {
    if text.len() != 2 * N || !text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f')) {
        return Err(InvalidTrace);
    }
    let mut bytes = [0; N];
    for (byte, place) in bytes.iter_mut().zip((0..).step_by(2)) {
        let digits = text.get(place..place + 2).ok_or(InvalidTrace)?;
        *byte = u8::from_str_radix(digits, 16).map_err(|_| InvalidTrace)?;
    }
    Ok(bytes)
}

macro_rules! id {
    ($(#[$doc:meta])* $name:ident [$bytes:literal]) => {
        $(#[$doc])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash)]
        pub struct $name([u8; $bytes]);

        impl $name {
            /// The id with these bytes, in network order; `None` if all are zero, which is no id.
            #[must_use]
            pub fn from_bytes(bytes: [u8; $bytes]) -> Option<Self> {
                (bytes != [0; $bytes]).then_some(Self(bytes))
            }
        }

        impl FromStr for $name {
            type Err = InvalidTrace;

            fn from_str(text: &str) -> Result<Self, InvalidTrace> {
                Self::from_bytes(digits(text)?).ok_or(InvalidTrace)
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.0.iter().try_for_each(|byte| write!(f, "{byte:02x}"))
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Display::fmt(self, f)
            }
        }
    };
}

id! {
    /// A trace's id.
    TraceId[16]
}
id! {
    /// A span's id.
    SpanId[8]
}

#[cfg(test)]
mod tests {
    use super::*;

    const PARENT: &str = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

    #[test]
    fn a_traceparent_is_read_and_written_back() {
        let trace: TraceContext = PARENT.parse().unwrap();
        assert_eq!(format!("00-{}-{}-01", trace.trace_id, trace.span_id), PARENT);
        assert_eq!(format!("01{}-what-comes-later", &PARENT[2..]).parse(), Ok(trace));
    }

    #[test]
    fn what_the_standard_forbids_is_none() {
        for text in [
            "",
            "00",
            "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331",
            &format!("{PARENT}-01"),
            &format!("ff{}", &PARENT[2..]),
            &PARENT.to_uppercase(),
            &PARENT.replace("0af7651916cd43dd8448eb211c80319c", &"0".repeat(32)),
            &PARENT.replace("b7ad6b7169203331", &"0".repeat(16)),
            &PARENT.replace("b7ad", "+7ad"),
            &PARENT.replace("0af7", "é0f"),
            &format!(" {PARENT}"),
        ] {
            assert_eq!(text.parse::<TraceContext>(), Err(InvalidTrace), "{text}");
        }
    }
}
